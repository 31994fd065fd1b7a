"""The venues' market data: one package per venue. Rust origin: barter_data::exchange."""
