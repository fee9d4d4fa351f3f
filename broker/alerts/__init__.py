"""Who is told, when it rings, who is asked next (提醒); no input or output."""
