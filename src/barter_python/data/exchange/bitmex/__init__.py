"""Market data of BitMEX. Rust origin: barter_data::exchange::bitmex."""
