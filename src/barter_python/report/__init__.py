"""Results for people: tables for a terminal."""
