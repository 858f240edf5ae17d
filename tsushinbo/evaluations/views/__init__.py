"""Where ballots are cast and pledges assessed."""
