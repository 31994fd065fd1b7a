"""A simulated exchange worth trusting: a pure state machine driven by market events and requests. Rust origin: none."""
