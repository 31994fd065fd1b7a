"""Talking to venues over the network, whatever the venue. Rust origin: barter_integration."""
