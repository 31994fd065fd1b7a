"""Market data of Binance spot and USD-M futures. Rust origin: barter_data::exchange::binance."""
