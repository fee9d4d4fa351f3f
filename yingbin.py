"""Yingbin 迎宾: all commands, and the programs that they call."""

import sys
from argparse import Namespace
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from shared import VERSION
from shared.command_line import Terminal, terminal_of
from shared.errors import OperatorError
from shared.log import start_logging
from shared.machine import require_64_bit
from shared.words import DEFAULT_LANGUAGE, Sentence

Command = Callable[[Terminal, list[str]], int]
DEFAULT_PORT = 18830
"""Not 1883, where Debian's mosquitto package starts a server of its own."""


def main(argv: list[str] | None = None) -> int:
    """Run a command. The exit status: 0 all is well, 1 something failed, 2 wrong usage."""
    terminal, words = terminal_of(sys.argv[1:] if argv is None else argv)
    if words and words[0] in ("-h", "--help"):
        terminal.tell(_help(terminal))
        return 0
    command = COMMANDS.get(words[0]) if words else None
    if command is None:
        problem = (
            Sentence("error.no_command", command=words[0])
            if words
            else Sentence("error.which_command")
        )
        terminal.warn(f"yingbin: {problem.in_language(terminal.language)} {_help(terminal)}")
        return 2
    try:
        require_64_bit()
        return command[0](terminal, words[1:])
    except OperatorError as error:
        terminal.warn(f"yingbin: {error.sentence.in_language(terminal.language)}")
        return 1


# Each command imports its program only when called: `read` needs no Flask, `hub` no camera.


def _main_of(module: str) -> Command:
    def run(terminal: Terminal, words: list[str]) -> int:
        return int(import_module(module).main(words, terminal))

    return run


def _up(terminal: Terminal, words: list[str]) -> int:
    from broker.launch.group_demo import run_group
    from broker.launch.up import plan_from, run

    say, parser = terminal.say, terminal.parser("yingbin up", "help.up")
    parser.add_argument("--demo", action="store_true", help=say("help.up_demo"))
    parser.add_argument("--head-office", action="store_true", help=say("help.up_head_office"))
    parser.add_argument("--pictures", type=Path, metavar="PATH", help=say("help.up_pictures"))
    parser.add_argument("--camera", metavar="SOURCE", help=say("help.camera"))
    parser.add_argument("--data", type=Path, metavar="DIR", help=say("help.up_data"))
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, metavar="N", help=say("help.port")
    )
    parser.add_argument("--host", default="0.0.0.0", help=say("help.up_host"))
    parser.add_argument("--mqtt-server", choices=["auto", "mosquitto", "embedded"], default="auto")
    parser.add_argument("--every", type=float, default=10.0, metavar="S", help=say("help.up_every"))
    parser.add_argument("--json", action="store_true", help=say("help.up_json"))
    asked = parser.parse_args(words)
    start_logging()
    start = run_group if asked.demo and asked.head_office else run
    return start(plan_from(asked), terminal.tell, is_json=asked.json)


def _setup(terminal: Terminal, words: list[str]) -> int:
    from broker.console.tickets import first_path
    from broker.launch.setup import Plan, Ports, set_up
    from broker.launch.web_secrets import read_or_make_web_secrets
    from broker.site_key.key import FILE_NAME, read_key
    from broker.site_key.sheet import write_sheet

    asked = _setup_words(terminal, words)
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
        terminal.tell(str(path))
    key = read_key(asked.config / FILE_NAME)
    sheet = write_sheet(asked.config, asked.name, key, terminal.asked or DEFAULT_LANGUAGE)
    terminal.tell(Sentence("backup.sheet", path=sheet))
    if not plan.people.exists():
        secret_key = read_or_make_web_secrets(asked.config / "web.json")[0]["web_key"]
        address = f"http://{plan.reached_at}:{plan.ports.console}{first_path(secret_key)}"
        terminal.tell(Sentence("setup.first_run"))
        terminal.tell(f"  {address}")
    return 0


def _setup_words(terminal: Terminal, words: list[str]) -> Namespace:
    say, parser = terminal.say, terminal.parser("yingbin setup", "help.setup")
    config, state = Path("/etc/yingbin"), Path("/var/lib/yingbin")
    name = Sentence("site.name").in_language(DEFAULT_LANGUAGE)
    parser.add_argument("--site", default="site", help=say("help.setup_site"))
    parser.add_argument("--name", default=name, help=say("help.setup_name"))
    parser.add_argument("--camera", metavar="SOURCE", help=say("help.camera"))
    parser.add_argument(
        "--config", type=Path, default=config, metavar="DIR", help=say("help.setup_config")
    )
    parser.add_argument(
        "--state", type=Path, default=state, metavar="DIR", help=say("help.setup_state")
    )
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, metavar="N", help=say("help.port")
    )
    parser.add_argument("--owner", help=say("help.setup_owner"))
    return parser.parse_args(words)


def _hub(terminal: Terminal, words: list[str], program: str = "hub") -> int:
    from broker.__main__ import main as run

    return run(["--lang", terminal.language, program, *words])


def _mqtt(terminal: Terminal, words: list[str]) -> int:
    return _hub(terminal, words, "mqtt")


def _gate(terminal: Terminal, words: list[str]) -> int:
    from gate.__main__ import main as run

    return run(["--lang", terminal.language, *words])


def _kiosk(terminal: Terminal, words: list[str]) -> int:
    from kiosk.__main__ import main as run

    return run(["--lang", terminal.language, *words])


def _read(terminal: Terminal, words: list[str]) -> int:
    from gate.read_command import main as run

    return run(["--lang", terminal.language, *words])


def _verify(terminal: Terminal, words: list[str]) -> int:
    from broker.heads.verify_command import main as run

    return run(words, terminal)


def _head(terminal: Terminal, words: list[str]) -> int:
    from broker.heads.head_command import main as run

    return run(words, terminal)


def _replay(terminal: Terminal, words: list[str]) -> int:
    from broker.journal.replay import replay
    from broker.settings import hub_file, hub_parser
    from broker.store.rebuilt import compare

    asked = hub_parser(terminal, "yingbin replay", "help.replay").parse_args(words)
    file = hub_file(config=asked.config, data=asked.data)
    return replay(file, terminal.tell) | compare(file, terminal.tell)


def _explain(terminal: Terminal, words: list[str]) -> int:
    from broker.journal.explain import explain
    from broker.settings import hub_file, hub_parser

    parser = hub_parser(terminal, "yingbin explain", "help.explain")
    parser.add_argument("visit", metavar="VISIT", help=terminal.say("help.explain_visit"))
    asked = parser.parse_args(words)
    path = hub_file(config=asked.config, data=asked.data)
    return explain(path, asked.visit, terminal.asked or DEFAULT_LANGUAGE, terminal.tell)


def _doctor(terminal: Terminal, words: list[str]) -> int:
    from broker.doctor.command import main as run
    from gate.settings import GateSettings
    from kiosk.settings import KioskSettings

    return run(words, terminal, {"gate": GateSettings, "kiosk": KioskSettings})


def _backup(terminal: Terminal, words: list[str]) -> int:
    from broker.backup.backup_commands import backup

    return backup(terminal, words)


def _restore(terminal: Terminal, words: list[str]) -> int:
    from broker.personal.restore_command import restore

    return restore(terminal, words)


def _drill(terminal: Terminal, words: list[str]) -> int:
    from broker.backup.backup_commands import try_out

    return try_out(terminal, words)


def _person(terminal: Terminal, words: list[str]) -> int:
    from broker.personal.person_commands import main as run

    return run(words, terminal)


def _scenario(terminal: Terminal, words: list[str]) -> int:
    from broker.scenarios.runner import run_files

    say, parser = terminal.say, terminal.parser("yingbin scenario", "help.scenario")
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help=say("help.scenario_files")
    )
    parser.add_argument("--json", action="store_true", help=say("help.scenario_json"))
    asked = parser.parse_args(words)
    office = Terminal(terminal.asked or DEFAULT_LANGUAGE)  # scenarios are in Chinese
    return run_files(asked.files, is_json=asked.json, say=office.tell, warn=terminal.warn)


def _update(terminal: Terminal, words: list[str]) -> int:
    from broker.updating.update_command import update

    return update(terminal, words)


def _version(terminal: Terminal, words: list[str]) -> int:
    parser = terminal.parser("yingbin version", "help.version")
    parser.add_argument("--whole", action="store_true", help=terminal.say("help.version_whole"))
    if parser.parse_args(words).whole:
        for module in SERVICES:
            import_module(module)
    terminal.tell(f"yingbin {VERSION}")
    return 0


SERVICES = (
    *("broker.hub.program", "broker.mqtt_server.run", "broker.mqtt_server.embedded"),
    *("gate.__main__", "gate.read_command", "kiosk.__main__", "cv2", "onnxruntime"),
)
"""What the services import. They may not write where they are installed, so whoever installs
imports it once: the byte code is there then, and nothing is missing."""


COMMANDS: dict[str, tuple[Command, str]] = {
    "up": (_up, "help.up"),
    "read": (_read, "help.read"),
    "scenario": (_scenario, "help.scenario"),
    "setup": (_setup, "help.setup"),
    "join": (_main_of("broker.launch.join_command"), "help.join"),
    "gate": (_gate, "help.gate"),
    "kiosk": (_kiosk, "help.kiosk"),
    "hub": (_hub, "help.hub"),
    "mqtt": (_mqtt, "help.mqtt"),
    "doctor": (_doctor, "help.doctor"),
    "verify": (_verify, "help.verify"),
    "head": (_head, "help.head"),
    "replay": (_replay, "help.replay"),
    "explain": (_explain, "help.explain"),
    "backup": (_backup, "help.backup"),
    "restore": (_restore, "help.restore"),
    "drill": (_drill, "help.drill"),
    "person": (_person, "help.person"),
    "export": (_main_of("broker.registers.exporting"), "help.export"),
    "customers": (_main_of("broker.personal.hand_over_command"), "help.customers"),
    "import": (_main_of("broker.importing.import_command"), "help.import"),
    "settings": (_main_of("broker.backup.settings_command"), "help.settings"),
    "update": (_update, "help.update"),
    "clock": (_main_of("broker.doctor.hub_clock"), "help.clock"),
    "certificates": (_main_of("broker.doctor.certificate_check"), "help.certificates"),
    "ship": (_main_of("broker.shipping.ship_command"), "help.ship"),
    "head-office": (_main_of("broker.head_office.office_command"), "help.head_office"),
    "camera": (_main_of("gate.intake.camera_command"), "help.camera_command"),
    "version": (_version, "help.version"),
}


def _help(terminal: Terminal) -> str:
    rows = [f"  {name:12} {terminal.say(what)}" for name, (_, what) in COMMANDS.items()]
    return "\n".join([terminal.say("help.all"), *rows])


if __name__ == "__main__":
    sys.exit(main())
