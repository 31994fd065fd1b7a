"""Market data of Gate.io: spot, perpetuals, futures and options. Rust origin: barter_data::exchange::gateio."""
