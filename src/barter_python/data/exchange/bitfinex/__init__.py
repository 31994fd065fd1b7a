"""Market data of Bitfinex spot. Rust origin: barter_data::exchange::bitfinex."""
