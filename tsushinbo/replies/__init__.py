"""What a politician answers, once and pinned (反論・回答)."""
