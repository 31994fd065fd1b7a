"""Market data of Coinbase Exchange. Rust origin: barter_data::exchange::coinbase."""
