"""Taking down a session, so that it can be replayed as a backtest. Rust origin: none. `backtest.replay` replays."""
