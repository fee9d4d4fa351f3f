"""Our reader beside every other one that a package manager brings, over the same pictures."""
