"""The composition root: configuration and assembly of a system. Rust origin: barter::system."""
