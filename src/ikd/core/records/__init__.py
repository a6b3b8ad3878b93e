"""What is remembered, owed and refused: actors, journal, notices, questions, decisions."""
