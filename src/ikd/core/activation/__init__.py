"""The activation of one identity: what may be asked, what happens, what follows."""
