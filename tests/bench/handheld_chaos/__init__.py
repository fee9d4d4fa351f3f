"""Handhelds that freeze, die and lie, over a hub and an MQTT server that are killed: seeded."""
