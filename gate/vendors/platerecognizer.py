"""Plate Recognizer: a form with the JSON of one picture's cars, and the picture. Pure."""

from collections.abc import Iterator

from gate.vendors.body import BadBodyError, Body, Tree
from gate.vendors.read import Understood, VendorRead, by_text, get, plate_of, plates_of, ratio, text

_MOST_CARS = 20


def understand(body: Body) -> Understood:
    """The cars of one picture.

    Raises:
        BadBodyError: it has no results.
    """
    tree = body.json()
    data = get(tree, "data") if isinstance(get(tree, "data"), dict) else tree
    results = get(data, "results")
    if not isinstance(results, list):
        raise BadBodyError("no results")
    return Understood(tuple(_reads(data, results[:_MOST_CARS])))


def _reads(data: Tree, results: list[object]) -> Iterator[VendorRead]:
    camera, moment = text(get(data, "camera_id")), text(get(data, "timestamp"))
    picture = text(get(data, "filename")) or moment
    for place, result in enumerate(results):
        written, score = get(result, "plate"), get(result, "score")
        if isinstance(written, dict):  # of the newer form, where each property is a list
            likely = get(written, "props", "plate")
            first = likely[0] if isinstance(likely, list) and likely else None
            written, score = get(first, "value"), get(first, "score")
        plate, raw = plate_of(written)
        candidates = plates_of(get(result, "candidates"), "plate")
        yield VendorRead(
            vendor_id=f"{camera}-{picture}-{moment}-{place}",
            plate=plate,
            raw_plate=raw,
            confidence=ratio(score),
            candidates=tuple(other for other in candidates if other != plate),
            taken_at=by_text(moment),
            camera=camera,
        )
