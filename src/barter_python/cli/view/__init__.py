"""What a trading session looks like: on a terminal, or as lines."""
