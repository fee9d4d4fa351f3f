"""What other people's plate cameras send, understood: one small pure module each, and a table."""
