"""What people say that plates were, kept with the strips that were read: so a reader can learn."""
