"""JSON Schema and a golden sample of every message, for other people's programs."""
