"""The engine's record of what it did. Rust origin: barter::engine::audit."""
