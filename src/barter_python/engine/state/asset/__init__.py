"""State of every asset. Rust origin: barter::engine::state::asset."""
