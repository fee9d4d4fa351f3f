"""Cars that other people's cameras report: kept first, then told like our own."""
