"""Who speaks for a politician (本人確認): claims, their proofs, disputes, the office's team."""
