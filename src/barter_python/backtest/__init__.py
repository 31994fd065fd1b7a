"""Backtests: the engine on historical market data and a simulated exchange. Rust origin: barter::backtest."""
