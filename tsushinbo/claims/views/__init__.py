"""Pages of claims and of invitations."""
