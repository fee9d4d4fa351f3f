"""Takes a signed release, tries it, and takes it back by itself if it does not work."""
