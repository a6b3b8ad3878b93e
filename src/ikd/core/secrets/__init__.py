"""What must stay secret: PIN, passcode, and the sealing of everything personal."""
