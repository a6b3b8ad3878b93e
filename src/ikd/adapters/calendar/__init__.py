"""What tells which days of a year nobody works."""
