"""How commands and pages on this machine talk to the running hub."""
