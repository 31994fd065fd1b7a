"""The small, swappable parts of a simulated exchange: fees, latency, slippage. Rust origin: none."""
