"""Sends the pages' own files compressed, so that a phone opens on a slow network too.

Only files: what is answered to a person could tell by its length what stands in it (BREACH).
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

SMALLEST = 500
"""Bytes; below it the head of a compressed file takes what it saves."""
KINDS = ("text/", "application/javascript", "application/json", "image/svg")


def compress_files(app: Flask) -> None:
    """Let ``app`` send its static texts compressed to whoever takes them so."""
    app.after_request(_compressed)


def _compressed(answer: Response) -> Response:
    is_file = request.endpoint in ("static", "pages.offline_worker") and answer.status_code == 200
    if not is_file or not (answer.mimetype or "").startswith(KINDS):
        return answer
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0 or request.range:
        return answer
    answer.direct_passthrough = False
    whole = answer.get_data()
    if len(whole) >= SMALLEST:
        answer.set_data(_gzipped(whole))
        answer.content_encoding = "gzip"
    return answer


@lru_cache(maxsize=200)
def _gzipped(whole: bytes) -> bytes:
    return gzip.compress(whole, mtime=0)
