"""Where keys live: in memory for trials, in files for development."""
