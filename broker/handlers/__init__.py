"""What follows from each message: a handler takes one message and yields those to send."""
