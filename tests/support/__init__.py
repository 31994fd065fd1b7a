"""Builders and doubles shared by the tests."""
