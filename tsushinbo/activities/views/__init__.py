"""Pages of activity reports."""
