"""Home Assistant itself beside a whole site: what it shows, through kills and freezes, and its log.

    python -m tests.bench home_assistant [--python PATH] [--server mosquitto|embedded]

Installs Home Assistant into ``build/home_assistant`` (``--python`` names a Python 3.12), begins it
as a person does, adds the site's MQTT server, and takes the blueprints of ``shared/examples/``.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench.home_assistant.automation import home_assistant, install
from tests.bench.home_assistant.scenes import SCENES
from tests.bench.home_assistant.story import problems
from tests.site import running_site


def with_server(python: Path, engine: str) -> list[str]:
    """The story on one MQTT server."""
    options = ("--demo", "--mqtt-server", engine, "--every", "2")
    with tempfile.TemporaryDirectory() as place, Path(place, "log").open("w") as log:
        data = Path(place, "site")
        with running_site(data, *options, log=log):
            pass
        hub = data / "config" / "hub.toml"
        text = hub.read_text(encoding="utf-8").replace("home_assistant = false\n", "")
        hub.write_text(f"home_assistant = true\n{text}", encoding="utf-8")
        accounts = json.loads((data / "config" / "accounts.json").read_text(encoding="utf-8"))
        account = next(each for each in accounts if each["party"] == "home_assistant")
        with (
            running_site(data, *options, log=log) as site,
            home_assistant(python, Path(place, "house"), more=SCENES) as automation,
        ):
            automation.begin()
            automation.join(site.mqtt_port, account["username"], account["password"])
            return list(problems(automation, site))


def main() -> int:
    """1 if anything is not as it shall be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=shutil.which("python3.12") or sys.executable)
    parser.add_argument("--server", choices=["mosquitto", "embedded"])
    asked = parser.parse_args()
    python, is_wrong = install(asked.python), False
    for engine in [asked.server] if asked.server else ["mosquitto", "embedded"]:
        print(engine)
        for problem in with_server(python, engine):
            is_wrong = True
            print(f"  ✗ {problem}")
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main())
