"""What the commands besides ``play`` do: faces, judge, bench, doctor."""
