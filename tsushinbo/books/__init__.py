"""What to read (関連書籍)."""
