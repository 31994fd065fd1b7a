"""The parts of a link to one exchange, which `execution.manager` puts together. Rust origin: barter::execution::manager."""
