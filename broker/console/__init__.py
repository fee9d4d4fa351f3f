"""The staff's pages: handhelds and the console. They read; what a person does is a message."""
