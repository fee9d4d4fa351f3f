"""What the building's automation (Home Assistant) is told of the site."""
