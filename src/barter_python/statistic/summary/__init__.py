"""Summaries of instruments, assets and whole sessions. Rust origin: barter::statistic::summary."""
