"""Benchmarks: real processes, figures that anyone can measure again (see `__main__`)."""
