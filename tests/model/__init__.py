"""What the tests of core and the exhaustive search share: cases, acts, attempts and the laws."""
