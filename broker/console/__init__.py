"""The staff's pages: handhelds and console. They only read; what a person does is a message."""
