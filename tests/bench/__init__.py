"""Benchmarks: real processes, figures that anyone can measure again (`make bench`)."""
