"""Simulated exchanges: pure state machines, without clock or IO. Rust origin: barter_execution::exchange."""
