"""What to set in a vendor's own menu, step by step. Pure."""

from collections.abc import Callable


def steps_of(source: str, host: str, port: int, token: str, say: Callable[..., str]) -> list[str]:
    """The steps, for a gate that listens at ``host`` and ``port``."""
    path = f"/in/{source}" + (f"/{token}" if token else "")
    address = f"http://{host}:{port}{path}"
    said = say(f"setting_up.{source}", host=host, port=port, path=path, address=address)
    return said.splitlines()
