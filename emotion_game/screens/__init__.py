"""The screens, one file each: what it shows and how. They decide nothing."""
