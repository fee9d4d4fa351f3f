"""A day written down (YAML), tried through the house rules."""
