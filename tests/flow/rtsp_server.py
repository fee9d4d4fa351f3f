"""A network camera for the tests: serves a test picture over RTSP until it is ended.

Run by the system's Python, which has GStreamer: ``/usr/bin/python3 rtsp_server.py PORT SHOWS``.
SHOWS is ``moving``, or ``frozen``: a still picture with something that moves in a corner, as the
clock that a camera writes over it. Debian:
gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good
gstreamer1.0-plugins-ugly python3-gi.
"""

import sys
from typing import Any

BALL = "videotestsrc is-live=true pattern=ball"
WAVES = "videotestsrc is-live=true pattern=zone-plate kx2=20 ky2=20 kt=1"
STILL = "videotestsrc is-live=true pattern=smpte100"
ENCODED = (
    "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay name=pay0 pt=96"
)


def caps(width_px: int, height_px: int) -> str:
    """The form of a picture."""
    return f"video/x-raw,format=I420,width={width_px},height={height_px},framerate=15/1"


PIPELINES = {
    "moving": f"( {WAVES} ! {caps(320, 240)} ! {ENCODED} )",
    "frozen": (
        f"( compositor name=mix sink_1::xpos=10 ! {caps(320, 240)} ! {ENCODED}"
        f" {STILL} ! {caps(320, 240)} ! mix.sink_0 {BALL} ! {caps(80, 24)} ! mix.sink_1 )"
    ),
}


def serve(port: str, shows: str) -> None:
    """Serve ``rtsp://127.0.0.1:PORT/gate`` for ever."""
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtspServer

    Gst.init(None)
    server: Any = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(PIPELINES[shows])
    factory.set_shared(True)
    server.get_mount_points().add_factory("/gate", factory)
    server.attach(None)
    GLib.MainLoop().run()


if __name__ == "__main__":
    serve(*sys.argv[1:])
