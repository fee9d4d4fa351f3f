"""The page's routes: log-in, picture and areas, and what was not read."""

from uuid import UUID

import msgspec
from flask import (
    Blueprint,
    abort,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from gate.camera.images import as_jpeg
from gate.camera.picture_health import brightness
from gate.page.parts import parts, say
from gate.passing.areas import Areas
from shared.words import LANGUAGES

pages = Blueprint("pages", __name__)

SHOWN_PX = 1280
"""The widest picture sent to a page: enough to see where; the reader itself sees every pixel."""
ENTRIES_SHOWN = 100

Answered = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@pages.get("/health")
def health() -> str:
    """Answers while the pages are served."""
    return "ok"


@pages.route("/login", methods=["GET", "POST"])
def log_in() -> Answered:
    """Check the PIN, and let this browser in until it is closed or the gate restarts."""
    if request.method == "GET":
        return render_template("pin.html", problem=None, wait_s=0)
    lock = parts().pin_lock
    if lock.opens(request.form.get("pin", ""), parts().settings.pin):
        session["is_let_in"] = True
        return redirect(url_for("pages.areas"), 303)
    wait_s = lock.wait_s()
    problem = "pin.wait" if wait_s > 1 else "pin.wrong"
    page = render_template("pin.html", problem=problem, wait_s=wait_s)
    return page, 429 if wait_s > 1 else 403, {"Retry-After": str(wait_s)}


@pages.post("/logout")
def log_out() -> Answered:
    """Log this browser out."""
    session.pop("is_let_in", None)
    return redirect(url_for("pages.log_in"), 303)


@pages.post("/language")
def choose_language() -> Answered:
    """Show the pages in that language from now on."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    session["language"] = language
    is_trace = request.form.get("back") == "pages.trace"
    return redirect(url_for("pages.trace" if is_trace else "pages.areas"), 303)


@pages.get("/")
def areas() -> Answered:
    """The page on which the areas are drawn over the newest picture."""
    return render_template("areas.html", areas=msgspec.json.encode(parts().areas.current).decode())


@pages.post("/areas")
def keep_areas() -> Answered:
    """Use the areas in the body from the next frame on, or answer with a sentence why not."""
    try:
        drawn = msgspec.json.decode(request.get_data(), type=Areas)
    except msgspec.DecodeError:
        abort(400)
    is_kept = parts().areas.keep(drawn)
    return Response(say("areas.saved" if is_kept else "areas.disk"), 200 if is_kept else 507)


@pages.get("/picture.jpg")
def picture() -> Answered:
    """The last frame taken, without the areas."""
    frame = parts().gate.newest
    if frame is None:
        abort(503)
    return Response(as_jpeg(frame.image, widest_px=SHOWN_PX), mimetype="image/jpeg")


@pages.get("/state")
def state() -> Response:
    """The camera's state, in words."""
    gate = parts().gate
    frame, problem = gate.newest, gate.carrying.courier.problem
    if problem or frame is None:
        return jsonify(is_well=False, text=say(f"state.{problem or 'waits'}"))
    height, width = frame.image.shape[:2]
    facts = [
        say("state.works"),
        f"{width}×{height}",
        say("state.brightness", value=round(brightness(frame.image))),
        *([say("state.night")] if gate.daylight.is_night else []),
    ]
    return jsonify(is_well=True, text=" · ".join(facts))


@pages.get("/trace")
def trace() -> Answered:
    """What was not reported lately, and why."""
    return render_template("trace.html", entries=parts().gate.trace.entries(ENTRIES_SHOWN))


@pages.get("/trace/<uuid:entry_id>.jpg")
def trace_picture(entry_id: UUID) -> Answered:
    """The picture of one entry."""
    path = parts().gate.trace.picture_path(str(entry_id)).resolve()
    if not path.is_file():
        abort(404)
    return send_file(path, mimetype="image/jpeg")
