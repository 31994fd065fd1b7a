"""Orders, trades, balances and account events, and what executes them. Rust origin: barter-execution, barter::execution."""
