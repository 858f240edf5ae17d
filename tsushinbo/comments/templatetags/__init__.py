"""What pages show of comments, by name."""
