"""The hub: decides who receives a visitor, and alerts the right people."""
