"""What pages of other rooms show of books, by name."""
