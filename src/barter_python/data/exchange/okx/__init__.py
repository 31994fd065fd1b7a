"""Market data of OKX: spot, futures, perpetuals and options. Rust origin: barter_data::exchange::okx."""
