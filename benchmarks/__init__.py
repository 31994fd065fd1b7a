"""Performance of the engine, as ratios to a bare loop that runs the same strategy in the same process."""
