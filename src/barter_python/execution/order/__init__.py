"""Orders: identifiers, requests and states. Rust origin: barter_execution::order."""
