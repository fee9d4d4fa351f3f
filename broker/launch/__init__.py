"""Starts a whole site on one machine: writes its files and runs its programs."""
