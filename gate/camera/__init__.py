"""Pictures: from a live camera, a file or a video, and whether they still show something."""
