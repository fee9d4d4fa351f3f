"""The tables of the hub's SQLite file, a module for each subject."""
