"""State of every instrument. Rust origin: barter::engine::state::instrument."""
