"""Data that ships with ikd: region codes and names, and the words that residents read."""
