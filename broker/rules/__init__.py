"""The house rules (案场规则). Pure: facts in, decision out."""
