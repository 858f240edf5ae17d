"""Reads of what machines are given; one module a subject."""
