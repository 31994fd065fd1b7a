"""Live market data: connections, subscriptions, reconnecting. Rust origin: barter_data::{streams, subscriber}."""
