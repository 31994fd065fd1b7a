"""What a user configures, as data: a system, a backtest, and how orders are executed. Rust origin: barter::system::config."""
