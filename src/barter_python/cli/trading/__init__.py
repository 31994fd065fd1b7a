"""What `barter paper` and `barter live` do alike around a session: options, signals, keys, files, the view."""
