"""A strategy trading on paper or live, as a library: from connecting to the summary."""
