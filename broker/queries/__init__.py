"""What the pages may ask of the hub's file, which stays unchanged."""
