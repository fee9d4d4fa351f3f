"""The benchmarks: which there are, what each wants, and how one is run."""

import ast
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
BROWSER = ("chromium", "fonts-noto-cjk")
MQTT = ("mosquitto",)
PIP_INSTALL = (sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check")


@dataclass(frozen=True, slots=True)
class Bench:
    """A module of this package that measures something."""

    name: str
    is_in_all: bool = False
    packages: tuple[str, ...] = ()
    """Packages of Debian."""
    extra: str | None = None
    """An extra of pyproject.toml, installed when the benchmark first runs."""

    @property
    def measures(self) -> str:
        """The first line of its module's docstring."""
        file = HERE / f"{self.name}.py"
        path = file if file.exists() else HERE / self.name / "__main__.py"
        described = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        return described.partition("\n")[0]

    def run(self, options: list[str]) -> None:
        """Run it as a program, which raises SystemExit where a target is missed."""
        if self.packages:
            subprocess.run([HERE.parent.parent / ".ci" / "apt", *self.packages], check=True)
        if self.extra:
            wanted = f"{HERE.parent.parent}[{self.extra}]"
            subprocess.run([*PIP_INSTALL, "--editable", wanted], check=True)
        sys.argv = [self.name, *options]
        runpy.run_module(f"{__package__}.{self.name}", run_name="__main__", alter_sys=True)


BENCHES = (
    Bench("audit"),
    Bench("latency", is_in_all=True, packages=(*MQTT, *BROWSER)),
    Bench("tls", packages=MQTT),
    Bench("access", packages=MQTT),
    Bench("mqtt_conformance", packages=MQTT),
    Bench("reader", is_in_all=True),
    Bench("drive_by", is_in_all=True),
    Bench("start_up", is_in_all=True),
    Bench("others", is_in_all=True),
    Bench("outside", packages=("strace",)),
    Bench("sealed_site"),
    Bench("rules", is_in_all=True),
    Bench("million"),
    Bench("plan_chaos", is_in_all=True),
    Bench("plan_slots", is_in_all=True),
    Bench("duty_pace", is_in_all=True, packages=MQTT),
    Bench("pass_traffic", is_in_all=True),
    Bench("burst", is_in_all=True),
    Bench("queued", is_in_all=True),
    Bench("handhelds", is_in_all=True, packages=MQTT),
    Bench("kiosk_pace", is_in_all=True, packages=BROWSER),
    Bench("kiosks", is_in_all=True, packages=MQTT),
    Bench("handheld_chaos", packages=MQTT),
    Bench("unanswered", packages=(*BROWSER, *MQTT)),
    Bench("backup_load", packages=MQTT),
    Bench("chaos", packages=(*MQTT, "gcc", "libc6-dev")),
    Bench("calc_reads"),
    Bench("call_backs"),
    Bench("clock_leaps"),
    Bench("erasing"),
    Bench("fairness"),
    Bench("picture_fuzz"),
    Bench("fuzz", packages=MQTT),
    Bench("page_fuzz"),
    Bench("shipping_load", packages=(*MQTT, "postgresql"), extra="head-office"),
    Bench("known_phones", packages=("postgresql",), extra="head-office"),
    Bench("home_assistant", packages=MQTT),
    Bench("head_office", packages=("postgresql",), extra="head-office"),
    Bench("importing", packages=MQTT),
    Bench("kinds"),
    Bench("lighthouse", packages=(*BROWSER, *MQTT)),
    Bench("mutants", extra="mutation"),
    Bench("peers"),
    Bench("phones"),
    Bench("promises"),
    Bench("registers"),
    Bench("reliability"),
    Bench("restoring"),
    Bench("runtimes"),
    Bench("sealing"),
    Bench("schemas"),
    Bench("settings_forms"),
    Bench("settings_pages"),
    Bench("shadow"),
    Bench("soak", packages=MQTT),
    Bench("strips"),
    Bench("update_power_cut"),
    Bench("vendor_cameras", packages=MQTT),
    Bench("contact_sheet"),
    Bench("screenshots", packages=BROWSER),
    Bench("handheld_screenshots", packages=BROWSER),
    Bench("kiosk_pages", packages=BROWSER),
)
