"""The gate program: turns camera pictures into one arrival for each car."""
