"""Yingbin 迎宾: the front door. Every command, and which program it calls."""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from shared import VERSION
from shared.errors import OperatorError
from shared.log import start_logging
from shared.words import DEFAULT_LANGUAGE, LANGUAGES, spoken

DEFAULT_PORT = 18830
"""Not 1883: Debian's mosquitto package starts a server of its own there."""


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit status: 0 fine, 1 something failed, 2 wrong usage."""
    words = sys.argv[1:] if argv is None else argv
    if words and words[0] in ("-h", "--help"):
        print(_help())
        return 0
    command = COMMANDS.get(words[0]) if words else None
    if command is None:
        problem = f"{words[0]!r} is no command" if words else "which command?"
        print(f"yingbin: {problem}. {_help()}", file=sys.stderr)
        return 2
    try:
        return command[0](words[1:])
    except OperatorError as error:
        print(f"yingbin: {error}", file=sys.stderr)
        return 1


# Each command imports its program when it is called: `read` needs no Flask, `hub` no camera.


def _up(words: list[str]) -> int:
    from broker.launch.up import plan_from, run

    parser = argparse.ArgumentParser(prog="yingbin up", description=COMMANDS["up"][1])
    parser.add_argument("--demo", action="store_true", help="an invented site with drawn pictures")
    parser.add_argument("--pictures", type=Path, metavar="PATH", help="your own photos or video")
    parser.add_argument("--camera", metavar="SOURCE", help="usb:0 or an RTSP address")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where everything is kept")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, metavar="N", help="N to N+3")
    parser.add_argument("--host", default="0.0.0.0", help="where to listen; phones need the LAN")
    parser.add_argument("--mqtt-server", choices=["auto", "mosquitto", "embedded"], default="auto")
    parser.add_argument("--every", type=float, default=10.0, metavar="S", help="seconds a picture")
    parser.add_argument("--json", action="store_true", help="the addresses as one line of JSON")
    asked = parser.parse_args(words)
    start_logging()
    return run(plan_from(asked), partial(print, flush=True), is_json=asked.json)


def _setup(words: list[str]) -> int:
    from broker.launch.setup import Plan, Ports, set_up

    parser = argparse.ArgumentParser(prog="yingbin setup", description=COMMANDS["setup"][1])
    parser.add_argument("--site", default="site", help="its name in MQTT topics: a-z 0-9 - _")
    parser.add_argument("--name", default="案场", help="as people read it")
    parser.add_argument("--camera", metavar="SOURCE", help="usb:0 or an RTSP address")
    parser.add_argument("--config", type=Path, default=Path("/etc/yingbin"), metavar="DIR")
    parser.add_argument("--state", type=Path, default=Path("/var/lib/yingbin"), metavar="DIR")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, metavar="N", help="N to N+3")
    parser.add_argument("--owner", help="the user that the services run as")
    asked = parser.parse_args(words)
    plan = Plan(
        site=asked.site,
        site_name=asked.name,
        config=asked.config,
        state=asked.state,
        ports=Ports(asked.port),
        host="0.0.0.0",
        camera=asked.camera,
    )
    for path in set_up(plan, asked.owner):
        print(path)
    return 0


def _hub(words: list[str]) -> int:
    from broker.__main__ import main as run

    return run(["hub", *words])


def _mqtt(words: list[str]) -> int:
    from broker.__main__ import main as run

    return run(["mqtt", *words])


def _gate(words: list[str]) -> int:
    from gate.__main__ import main as run

    return run(words)


def _kiosk(words: list[str]) -> int:
    from kiosk.__main__ import main as run

    return run(words)


def _read(words: list[str]) -> int:
    from gate.read_command import main as run

    return run(words)


def _verify(words: list[str]) -> int:
    from broker.journal.verify import verify
    from broker.settings import hub_file

    asked = _hub_parser("verify").parse_args(words)
    return verify(hub_file(config=asked.config, data=asked.data), print)


def _replay(words: list[str]) -> int:
    from broker.journal.replay import replay
    from broker.settings import hub_file

    asked = _hub_parser("replay").parse_args(words)
    return replay(hub_file(config=asked.config, data=asked.data), print)


def _explain(words: list[str]) -> int:
    from broker.journal.explain import explain
    from broker.settings import hub_file

    parser = _hub_parser("explain")
    parser.add_argument("visit", metavar="VISIT", help="its id, as the console shows it")
    parser.add_argument("--lang", choices=["zh", *LANGUAGES], default="zh-CN")
    asked = parser.parse_args(words)
    path = hub_file(config=asked.config, data=asked.data)
    return explain(path, asked.visit, spoken(asked.lang, DEFAULT_LANGUAGE), print)


def _doctor(words: list[str]) -> int:
    from broker.doctor import command
    from broker.doctor.patient import Kinds
    from gate.settings import GateSettings
    from kiosk.settings import KioskSettings
    from shared.clock import now

    parser = argparse.ArgumentParser(prog="yingbin doctor", description=COMMANDS["doctor"][1])
    parser.add_argument("--config", type=Path, metavar="DIR", help="the settings' folder")
    parser.add_argument("--lang", choices=command.LANGUAGES, default="zh")
    parser.add_argument("--json", action="store_true", help="what was found as one line of JSON")
    asked = parser.parse_args(words)
    run = command.run_json if asked.json else command.run
    kinds: Kinds = {"gate": GateSettings, "kiosk": KioskSettings}
    folder = command.settings_folder(asked.config)
    return run(folder, kinds, now, partial(print, flush=True), lang=asked.lang)


def _person(words: list[str]) -> int:
    from broker.personal.person_command import main as run

    return run(words, print)


def _hub_parser(name: str) -> argparse.ArgumentParser:
    """The words of a command that looks into a hub's file; which hub comes first."""
    parser = argparse.ArgumentParser(prog=f"yingbin {name}", description=COMMANDS[name][1])
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--config", type=Path, metavar="FILE", help="the hub's settings, hub.toml")
    which.add_argument("--data", type=Path, metavar="DIR", help="as `yingbin up --data` has it")
    return parser


def _scenario(words: list[str]) -> int:
    from broker.scenarios.runner import run_files

    parser = argparse.ArgumentParser(prog="yingbin scenario", description=COMMANDS["scenario"][1])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="YAML files")
    parser.add_argument("--json", action="store_true", help="a line for each decision and event")
    asked = parser.parse_args(words)
    warn = partial(print, file=sys.stderr)
    return run_files(asked.files, is_json=asked.json, say=print, warn=warn)


def _version(_words: list[str]) -> int:
    print(f"yingbin {VERSION}")
    return 0


COMMANDS: dict[str, tuple[Callable[[list[str]], int], str]] = {
    "up": (_up, "everything on one machine, with its own MQTT server"),
    "read": (_read, "read plates from photos, folders, videos"),
    "scenario": (_scenario, "run scenario files through the house rules"),
    "setup": (_setup, "write the settings and passwords of a real site, once"),
    "gate": (_gate, "the gate alone, as systemd runs it"),
    "kiosk": (_kiosk, "the kiosk alone"),
    "hub": (_hub, "the hub alone, with console and handheld pages"),
    "mqtt": (_mqtt, "the MQTT server alone: mosquitto, else the embedded one"),
    "doctor": (_doctor, "what is wrong at a site and what to do; works on a live one"),
    "verify": (_verify, "whether the hub's journal is as it was written; works on a live hub"),
    "replay": (_replay, "decide everything again from the journal; the first difference"),
    "explain": (_explain, "why this consultant: a visit's story with times and evidence"),
    "person": (_person, "find, export or erase one person in a running hub"),
    "version": (_version, "which release this is"),
}


def _help() -> str:
    rows = "\n".join(f"  {name:8} {what}" for name, (_, what) in COMMANDS.items())
    return f"yingbin COMMAND …; each command explains itself with --help.\n{rows}"


if __name__ == "__main__":
    sys.exit(main())
