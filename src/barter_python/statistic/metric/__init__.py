"""Financial metrics. Rust origin: barter::statistic::metric."""
