"""What a strategy is asked. Rust origin: barter::strategy."""
