"""Where ballots are cast."""
