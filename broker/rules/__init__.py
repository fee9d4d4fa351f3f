"""The house rules (案场规则): facts in, decisions out, no input or output."""
