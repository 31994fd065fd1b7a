"""The trading engine: event in, audit out. Rust origin: barter::engine."""
