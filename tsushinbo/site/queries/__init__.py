"""Reads that need several rooms at once, one module a page."""
