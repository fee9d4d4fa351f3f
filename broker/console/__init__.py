"""The staff's pages: handhelds and the manager's console."""
