"""The operator's page: status, figures, switches. Needs the extra ``operator``."""
