"""Mail that goes out (メール): queued in the database, tried again until it went."""
