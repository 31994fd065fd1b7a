"""The lifecycle of orders. Rust origin: barter::engine::state::order."""
