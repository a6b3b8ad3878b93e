"""What an office has promised: its published standard as values."""
