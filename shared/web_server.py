"""Serves the pages from a thread beside the main loop. The only module that imports waitress."""

import http.client
import logging
import socket
import threading

from flask import Flask
from waitress import create_server

from shared.errors import OperatorError
from shared.machine import share_memory

log = logging.getLogger(__name__)

THREADS = 16
"""waitress's own four block when seven pages keep a connection open (measured)."""
HEALTH_WAIT_S = 2.0


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on this address.

    Raises:
        OperatorError: another program uses it, or it is not this machine's.
    """
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise OperatorError("error.listen", host=host, port=port, problem=error) from error


class WebServer:
    """The application on one listening socket."""

    def __init__(self, app: Flask, listener: socket.socket) -> None:
        host, port = listener.getsockname()[:2]
        self._address = ("127.0.0.1" if host == "0.0.0.0" else host, port)
        share_memory()
        self._server = create_server(app, sockets=[listener], threads=THREADS, ident=None)
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        """Serve in the background."""
        self._thread.start()
        log.info("pages at http://%s:%d/", *self._address)

    def is_answering(self) -> bool:
        """Whether a page is really answered: a live thread may still hang."""
        connection = http.client.HTTPConnection(*self._address, timeout=HEALTH_WAIT_S)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException) as error:
            log.warning("the web server does not answer: %s", error)
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Finish the requests under way and take no more."""
        self._server.task_dispatcher.shutdown()
        self._server.close()
