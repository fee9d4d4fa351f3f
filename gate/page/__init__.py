"""The technician's page: the newest picture, where plates are read in it, and what was not read."""
