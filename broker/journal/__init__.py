"""What happened, in order, provably (流水)."""
