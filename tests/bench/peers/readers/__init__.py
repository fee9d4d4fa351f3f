"""One module for each reader, run by the Python of that reader's own environment.

They import nothing of ours (but for our own reader), only `speak` beside them.
"""
