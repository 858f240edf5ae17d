"""Pages of surveys: reading, answering, results, making."""
