"""Invented voters with a planted truth: what the arithmetic is tested and measured on. Everything is drawn from a seed."""
