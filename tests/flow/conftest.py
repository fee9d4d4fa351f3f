from tests.hub_fixtures import clock, hub

__all__ = ["clock", "hub"]
