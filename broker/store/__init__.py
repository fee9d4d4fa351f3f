"""The tables of the hub's SQLite file, one module a subject."""
