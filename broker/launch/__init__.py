"""Starts a whole site on one machine: its files, its programs, its demo."""
