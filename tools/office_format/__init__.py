"""The format of an office file read off the values: every key, its effect, and the JSON Schema."""
