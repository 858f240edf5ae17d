"""The same facts for machines: feeds."""
