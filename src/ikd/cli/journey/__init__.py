"""The journey that ``ikd demo`` plays: invented people, real machinery."""
