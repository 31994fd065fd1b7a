"""Execution clients and their configuration. Rust origin: barter_execution::client."""
