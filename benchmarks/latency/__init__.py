"""How long an order takes from the message that led to it, as a ratio to a bare aiohttp echo in the same run."""
