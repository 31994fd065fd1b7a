"""Review of a strategy's orders before they are sent. Rust origin: barter::risk."""
