"""The link to one exchange, see `manager`, and its parts. Rust origin: barter::execution::manager."""
