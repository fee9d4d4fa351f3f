"""Serves the pages from a thread beside the main loop. The only module that imports waitress."""

import http.client
import logging
import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from waitress import create_server

from shared.config import TlsSettings
from shared.errors import OperatorError
from shared.machine import share_memory
from shared.tls_front import Address, FrontThread, TlsFront

log = logging.getLogger(__name__)

THREADS = 16
"""waitress's own four block when seven pages keep a connection open (measured)."""
HEALTH_WAIT_S = 2.0

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""As WSGI (PEP 3333) has it."""


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
    """The application on one listening socket, and on another with TLS."""

    def __init__(
        self, app: Flask, listener: socket.socket, secure: "SecurePort | None" = None
    ) -> None:
        host, port = listener.getsockname()[:2]
        self._address = ("127.0.0.1" if host == "0.0.0.0" else host, port)
        self._secure = secure
        share_memory()
        sockets = [listener] if secure is None else [listener, secure.inner]
        served = app if secure is None else secure.marking(app)
        self._server = create_server(served, sockets=sockets, threads=THREADS, ident=None)
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        """Serve in the background."""
        self._thread.start()
        log.info("pages at http://%s:%d/", *self._address)
        if self._secure is not None:
            self._secure.start()

    def is_answering(self) -> bool:
        """Whether a page is really answered: a live thread may still hang."""
        if self._secure is not None and not self._secure.is_alive:
            return False
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
        if self._secure is not None:
            self._secure.stop()
        self._server.task_dispatcher.shutdown()
        self._server.close()


def secure_port(settings: TlsSettings, host: str) -> "SecurePort | None":
    """Where the pages are served with TLS; None: nowhere, because it is off or cannot be.

    Without a certificate the pages are served all the same: visitors wait at the door.
    """
    certificate = settings.server_certificate
    if certificate is None:
        return None
    try:
        return SecurePort((host, settings.tls_port), certificate)
    except OperatorError as error:
        log.warning("no https: %s", error)
        return None


class SecurePort:
    """A TLS port before a plain one that only this machine reaches."""

    def __init__(self, address: Address, certificate: Path) -> None:
        """See ``TlsFront``."""
        self._address = address
        self.inner = listen("127.0.0.1", 0)
        self._inner_port: int = self.inner.getsockname()[1]
        self._front = TlsFront(address, ("127.0.0.1", self._inner_port), certificate)
        self._thread = FrontThread(self._front)

    def start(self) -> None:
        """Serve in the background."""
        self._thread.start()
        log.info("pages at https://%s:%d/", *self._address)

    @property
    def is_alive(self) -> bool:
        """Whether it takes connections."""
        return self._thread.is_alive

    def stop(self) -> None:
        """End the connections."""
        self._thread.stop()

    def marking(self, app: Application) -> Application:
        """``app``, which is told of each request that came with TLS: that it did, and from whom."""

        def marked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if environ["SERVER_PORT"] == str(self._inner_port):
                peer = self._front.peer_of(int(environ["REMOTE_PORT"]))
                if peer is None:  # another program of this machine, or whoever asked has gone
                    start_response("403 Forbidden", [("Content-Length", "0")])
                    return []
                environ |= _of(peer, self._address[1])
            return app(environ, start_response)

        return marked


def _of(peer: Address, port: int) -> dict[str, str]:
    host, peer_port = peer
    return {
        "REMOTE_ADDR": host,
        "REMOTE_HOST": host,
        "REMOTE_PORT": str(peer_port),
        "SERVER_PORT": str(port),
        "wsgi.url_scheme": "https",
    }
