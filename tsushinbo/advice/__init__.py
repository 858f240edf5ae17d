"""Voting advice (政策マッチング): what politicians answer to statements, and how far a visitor agrees."""
