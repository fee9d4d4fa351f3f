"""What is measured of a site."""
