"""Exchanges, assets and instruments, and their indexes. Rust origin: barter-instrument."""
