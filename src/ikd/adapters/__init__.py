"""A folder per port, a file per technology; each imports core only."""
