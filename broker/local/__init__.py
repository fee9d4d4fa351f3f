"""Commands and pages on this machine that talk to the running hub."""
