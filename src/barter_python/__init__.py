"""barter-python."""
