"""Random forms at the manager's pages of settings: no failure, no half change, and the hub starts.

    python -m tests.bench.settings_forms [--forms N] [--seed N]

Each form is the page's own, with some fields changed to what hypothesis makes up. After a refusal
everything is as it was; after every change somebody can still change it, and the hub starts again.
"""

import argparse
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.settings_rig import Manager, SettingsRig, forms_in

PAGES = (
    *("/settings/rules", "/settings/rules", "/settings/days", "/settings/house"),
    *("/settings/people/new", "/settings/people/li", "/settings/people/chen"),
    *("/settings/people/wang", "/settings/people/he", "/settings/people/wu"),
    *("/settings/shifts", "/settings/shifts", "/shifts", "/settings/devices", "/settings/devices"),
    *(
        "/settings/duties",
        "/passes/edit",
        "/plans/new",
        "/plans",
        "/events/new",
        "/settings",
        "/settings/first/key",
    ),
)
VALUES = (
    *("", " ", "yes", "no", "0", "1", "7", "15", "120", "-1", "99999", "9" * 400, "１５", "1e9"),
    *(
        "08:30",
        "18:30",
        "00:00",
        "24:00",
        "8:30",
        "25:00",
        "２０：３０",
        "2026-12-25",
        "9999-12-31",
    ),
    *(
        "2027-02-30",
        "manager",
        "consultant",
        "bar",
        "nobody",
        "li",
        "wang",
        "R6 R13",
        "end_of_line",
    ),
    *(
        "#1f4a3f",
        "#ffffff",
        "green_tea",
        "周敏",
        "\x00",
        "\u202e",
        "null",
        "[]",
        "{}",
        '{"a": [1]}',
    ),
    *("retire", "link", "rename", "day", "weeks", "leave", "off", "on", "week", "tablet", "gate"),
    *("lobby", "2026-11-24", "2026-11-25", "2026-11-24T10:00", "appointment", "vip", "浙A00001"),
    *("NaN", "[" * 400, '"\\ud800"', "<script>", "../../x", "’ or 1=1--"),
)
MORE = (
    *("roles", "name", "even", "gone", "on", "holds_from", "deed", "part", "kind", "kiosk_id"),
    *("staff_id", "how", "first", "last", "with_id", "takes_on", "answer", "was", "act", "pin"),
)
"""Names of fields that buttons and other forms have."""
RESTART_EVERY = 50


@dataclass
class Filled:
    """A form: which page's, and what is changed in it."""

    page: str
    number: int
    """Which of the page's forms."""
    changes: list[tuple[int, str]]
    """The place of a field among the form's, and its new text."""
    more: dict[str, str]
    """Fields that the page does not have."""


@dataclass
class FormsRound:
    """What the forms met with."""

    rig: SettingsRig
    seen: Counter[int] = field(default_factory=Counter)
    """Answers by status."""
    changed: int = 0
    desk: Manager | None = None

    def manager(self) -> Manager:
        """A manager who is logged in: whoever is one now."""
        if self.desk is None or self.desk.get("/settings").status_code != 200:
            self.desk = self.rig.by_code(self.rig.hub.people_of("manager")[0])
        return self.desk

    def send(self, form: Filled) -> None:
        """Send the form, and see that it did all of what it says or nothing.

        Raises:
            AssertionError: it did not.
        """
        manager = self.manager()
        before = self.rig.changes(), self.rig.hub.choices.now
        found = forms_in(manager.get(form.page).text)
        if not found:
            self.seen[200] += 1
            return
        to, fields = found[form.number % len(found)]
        names = list(fields)
        for place, text in form.changes if names else ():
            fields[names[place % len(names)]] = text
        fields.update(form.more)
        status = manager.post(to or form.page, fields).status_code
        self.seen[status] += 1
        assert status < 500, (status, form)
        after = self.rig.changes(), self.rig.hub.choices.now
        if status in (404, 409, 422):
            assert after == before, ("half a change", form)
        assert after[0] - before[0] in (0, 1), ("more than one entry", form)
        self.changed += after[0] - before[0]
        assert self.rig.hub.people_of("manager"), ("nobody could change it again", form)
        if self.seen.total() % RESTART_EVERY == 0:
            self.restart()

    def restart(self) -> None:
        """The hub starts again with what was chosen."""
        chosen = self.rig.hub.choices.now
        self.rig.restart()
        self.rig.hear_kiosk()
        self.desk = None
        assert self.rig.hub.choices.now == chosen, "another site after a restart"
        assert self.rig.hub.decider.policy == chosen.policy


def forms() -> st.SearchStrategy[Filled]:
    """A form as nobody would fill it in, or nearly as somebody would."""
    texts = st.sampled_from(VALUES) | st.text(max_size=30)
    return st.builds(
        Filled,
        page=st.sampled_from(PAGES),
        number=st.integers(0, 7),
        changes=st.lists(st.tuples(st.integers(0, 200), texts), max_size=4),
        more=st.dictionaries(
            st.sampled_from(MORE) | texts,
            texts,
            max_size=3,
        ),
    )


def send_forms(folder: Path, count: int, start: int = 1) -> FormsRound:
    """Send so many forms; the first that fails raises, as short as it can be."""
    done = FormsRound(SettingsRig(folder))
    done.rig.hear_kiosk()
    done.rig.app.config["PROPAGATE_EXCEPTIONS"] = False

    @seed(start)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    @given(forms())
    def all_forms(form: Filled) -> None:
        done.send(form)

    all_forms()
    done.restart()
    done.rig.assert_sound()
    return done


def main() -> int:
    """Print what the forms met with; a failure ends with its form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        done = send_forms(Path(folder), asked.forms, asked.seed)
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(done.seen.items()))
    print(f"{done.seen.total()} forms: {answers}; {done.changed} changed something")
    print("no failure, no half change, and the hub started after each fiftieth")
    return 0


if __name__ == "__main__":
    sys.exit(main())
