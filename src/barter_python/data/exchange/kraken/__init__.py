"""Market data of Kraken spot, from its websocket API v1. Rust origin: barter_data::exchange::kraken."""
