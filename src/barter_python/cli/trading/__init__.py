"""What `barter paper` and `barter live` do alike: a strategy on live market data."""
