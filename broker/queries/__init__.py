"""What pages may ask of the hub's file. Read only."""
