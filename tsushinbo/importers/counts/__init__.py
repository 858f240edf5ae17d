"""What an election office publishes, as one CSV: elections, contests, candidates in official order, and the count, again and again through the night."""
