"""Benchmarks: each answers a written question, as a ratio within one run where it can."""
