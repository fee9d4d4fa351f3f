"""The camera's pages: picture and areas, and what was not read."""

from uuid import UUID

import msgspec
from flask import Blueprint, abort, jsonify, render_template, request, send_file
from werkzeug.wrappers import Response

from gate.camera.images import as_jpeg
from gate.camera.picture_health import brightness
from gate.page.entrance import Answered
from gate.page.parts import parts, say
from gate.passing.areas import Areas

pages = Blueprint("pages", __name__)
TABS = (("pages.areas", "page.areas"), ("pages.trace", "page.trace"))

SHOWN_PX = 1280
"""The widest picture sent to a page: enough to see where; the reader itself sees every pixel."""
ENTRIES_SHOWN = 100


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
