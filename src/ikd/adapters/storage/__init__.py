"""Stores: memory for tests and trials, SQLite for one machine; both keep one contract."""
