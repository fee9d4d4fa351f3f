"""The way in, the same for every page of the gate: PIN, language, and whether it is there."""

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from gate.page.parts import entrance_parts
from shared.words import LANGUAGES

entrance = Blueprint("entrance", __name__)

Answered = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@entrance.get("/health")
def health() -> str:
    """Answers while the pages are served."""
    return "ok"


@entrance.route("/login", methods=["GET", "POST"])
def log_in() -> Answered:
    """Check the PIN, and let this browser in until it is closed or the gate restarts."""
    if request.method == "GET":
        return render_template("pin.html", problem=None, wait_s=0)
    lock = entrance_parts().pin_lock
    if lock.opens(request.form.get("pin", ""), entrance_parts().settings.pin):
        session["is_let_in"] = True
        return redirect("/", 303)
    wait_s = lock.wait_s()
    problem = "pin.wait" if wait_s > 1 else "pin.wrong"
    page = render_template("pin.html", problem=problem, wait_s=wait_s)
    return page, 429 if wait_s > 1 else 403, {"Retry-After": str(wait_s)}


@entrance.post("/logout")
def log_out() -> Answered:
    """Log this browser out."""
    session.pop("is_let_in", None)
    return redirect(url_for("entrance.log_in"), 303)


@entrance.post("/language")
def choose_language() -> Answered:
    """Show the pages in that language from now on."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    session["language"] = language
    back = request.form.get("back", "")
    is_tab = back in {endpoint for endpoint, _ in current_app.config["TABS"]}
    return redirect(url_for(back) if is_tab else "/", 303)
