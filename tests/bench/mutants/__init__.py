"""Mutants: one small mistake at a time is made in the hub's rules, and a test has to notice it."""
