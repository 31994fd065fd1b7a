"""Market data on disk, by kind, exchange, instrument and time, and how it is downloaded. Needs the extra `data`."""
