"""The house: what is true of a whole store and of no case in it."""
