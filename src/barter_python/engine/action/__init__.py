"""What the engine does, and what it reports about it. Rust origin: barter::engine::action."""
