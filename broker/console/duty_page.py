"""The page of duties (岗位任务): what is due today, to be ticked on a phone or the console."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broker.alerts.duty_calls import ANSWERS, TICKS
from broker.console.guard import me
from broker.console.parts import parts
from broker.console.settings_form import said
from broker.console.words import say
from broker.rules.state import MANAGER
from shared.errors import OperatorError
from shared.ids import new_id
from shared.messages import ReportKind, StaffReport

duty_pages = Blueprint("duties", __name__)

LONGEST_REASON = 200


@duty_pages.get("/duties")
def today() -> str:
    """The duties of one's posts; of all posts for a manager."""
    return _page()


@duty_pages.post("/duties/<duty_id>")
def ticked(duty_id: str) -> Response:
    """Say what became of a duty."""
    kind, moment = request.form.get("kind", ""), parts().clock()
    if kind not in (*TICKS, *ANSWERS):
        return _refused(say("duty.not_taken"))
    try:
        report = StaffReport(
            report_id=new_id(moment),
            staff_id=me().staff_id,
            kind=ReportKind(kind),
            reported_at=moment,
            duty_id=duty_id[:64],
            reason=request.form.get("reason", "").strip()[:LONGEST_REASON] or None,
        )
        parts().site.duties.tick(report)
    except OperatorError as error:
        return _refused(said(error.sentence))
    except TimeoutError:
        return _refused(say("settings.busy"))
    return redirect(url_for("duties.today"), 303)


def _refused(problem: str) -> Response:
    return make_response(_page(problem), 409)


def _page(problem: str = "") -> str:
    """What somebody may still do something about stands first."""
    return render_template(
        "duties.html",
        duties=sorted(parts().site.duties.today(me()), key=lambda duty: not duty.may),
        problem=problem,
        is_manager=MANAGER in me().roles,
    )
