"""The real Home Assistant beside a whole site."""
