"""Benchmarks: what is fast, beside what a peer needs in the same run."""
