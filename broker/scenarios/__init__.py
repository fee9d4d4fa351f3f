"""A day written down (YAML) and tried out on the house rules."""
