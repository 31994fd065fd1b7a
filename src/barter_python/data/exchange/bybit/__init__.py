"""Market data of Bybit spot and linear perpetuals. Rust origin: barter_data::exchange::bybit."""
