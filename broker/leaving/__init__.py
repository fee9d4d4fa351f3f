"""Who left the company, and what becomes of their customers (R4b)."""
