"""Pages where members propose about people."""
