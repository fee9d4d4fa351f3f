"""What follows from each message: one handler a message, a message in, messages out."""
