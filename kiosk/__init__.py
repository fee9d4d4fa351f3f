"""The kiosk program: a visitor answers three questions on a tablet."""
