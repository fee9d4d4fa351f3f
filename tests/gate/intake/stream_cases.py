"""What a camera says on its alert stream, and what becomes of it."""

from gate.vendors.body import Body
from tests.gate.intake.bodies import hikvision
from tests.gate.intake.streaming_camera import ALIVE
from tests.gate.intake.vendor_cases import GBK, ONE, PREFIXED, TOLD


def as_stream(*documents: bytes) -> list[Body]:
    return [Body(each, "/in/hikvision-stream", "application/xml") for each in documents]


STREAM_CASES = {
    "a car": (as_stream(hikvision()), TOLD, ONE),
    "no plate": (as_stream(hikvision("unknown")), ["no_plate"], []),
    "the stream broke off and began again": (
        as_stream(hikvision(), hikvision()),
        ["told", "sent_again"],
        ONE,
    ),
    "kept while we were away": (
        as_stream(hikvision(isDataRetransmission="true")),
        TOLD,
        ONE,
    ),
    "prefixed": (as_stream(PREFIXED), TOLD, ONE),
    "in GBK": (as_stream(GBK), TOLD, ONE),
    "alive": (as_stream(ALIVE), [], []),
    "cut off": (as_stream(hikvision()[:200]), ["not_understood"], []),
}
