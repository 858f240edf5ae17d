"""What pages of rooms below show of replies, by name."""
