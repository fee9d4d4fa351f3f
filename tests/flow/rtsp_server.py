"""A network camera for the tests: serves a moving test picture over RTSP until it is ended.

Run by the system's Python, which has GStreamer: ``/usr/bin/python3 rtsp_server.py PORT``. Debian:
gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good
gstreamer1.0-plugins-ugly python3-gi.
"""

import sys
from typing import Any

PIPELINE = (
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=15/1"
    " ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15"
    " ! rtph264pay name=pay0 pt=96 )"
)


def serve(port: str) -> None:
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
    factory.set_launch(PIPELINE)
    factory.set_shared(True)
    server.get_mount_points().add_factory("/gate", factory)
    server.attach(None)
    GLib.MainLoop().run()


if __name__ == "__main__":
    serve(sys.argv[1])
