"""From what the frames show to what happened: who came, who left, what was not read."""
