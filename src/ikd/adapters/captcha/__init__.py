"""Puzzles that a resident fills in, to slow machines down."""
