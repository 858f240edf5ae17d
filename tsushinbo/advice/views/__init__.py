"""Pages of voting advice: those of visitors, of editors, and of who answers."""
