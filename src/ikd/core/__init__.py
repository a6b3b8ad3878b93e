"""Pure: no clock, randomness, file, socket, log or plugin. What comes in are values."""
