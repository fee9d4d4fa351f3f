"""Decides from the frames who came and who left, and keeps what was not read."""
