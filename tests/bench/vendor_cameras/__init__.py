"""Simulated cameras of other makers, before a real gate."""
