"""Pages of books: reading, proposing, choosing."""
