"""The pages of editors; one module a subject."""
