"""Market data: events, order books, files. Rust origin: barter-data."""
