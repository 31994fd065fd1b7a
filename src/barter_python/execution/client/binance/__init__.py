"""Trading on Binance spot. Rust origin: barter_execution::client::binance, which is empty."""
