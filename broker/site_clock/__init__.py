"""The hub's own clock: right while the machine's is wrong (校时)."""
