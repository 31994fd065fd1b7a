"""Venues in a box, to rehearse live trading on this machine."""
