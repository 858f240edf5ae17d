"""What machines ask for; one module a form."""
