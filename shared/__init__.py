"""What the three programs agree on. Imports nothing from gate, kiosk or broker."""

VERSION = "0.1.0"
