"""Statistics of a trading session. Rust origin: barter::statistic."""
