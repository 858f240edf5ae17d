"""The pages of the desk, and those of writers about decisions; one module a subject."""
