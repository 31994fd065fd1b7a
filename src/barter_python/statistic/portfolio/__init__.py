"""What a run has earned: equity, its explanation, returns and ratios, round trips. Rust origin: none."""
