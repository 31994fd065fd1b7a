"""The `barter` command."""
