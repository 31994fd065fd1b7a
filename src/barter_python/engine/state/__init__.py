"""Everything the engine knows. Changed only by its own `update_from_*` methods. Rust origin: barter::engine::state."""
