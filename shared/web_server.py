"""Serves the pages from a thread beside the main loop. The only module that imports waitress."""

import http.client
import logging
import socket
import threading
import weakref
from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from shared.config import TlsSettings
from shared.errors import OperatorError
from shared.machine import share_memory
from shared.tls_front import Address, FrontThread, TlsFront

log = logging.getLogger(__name__)

THREADS = 16
"""waitress's own four block when seven pages keep a connection open (measured)."""
HEALTH_WAIT_S = 2.0
MOST_CONNECTIONS = 500
"""waitress's own 100 are soon held open by somebody who sends nothing."""
SILENT_S = 60
LARGEST_HEADER_BYTES, LARGEST_BODY_BYTES = 32 * 1024, 1024 * 1024
"""waitress would keep 1 GB of a body in a file before the application could refuse it."""
LARGE_AT_ONCE = 8
"""Pictures and tables that are brought at the same time: together they must not fill the disk."""

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
    """The application on one listening socket, and with TLS on another port."""

    def __init__(
        self,
        app: Flask,
        listener: socket.socket,
        tls: TlsSettings | None = None,
        *,
        largest_body: int = LARGEST_BODY_BYTES,
        most_connections: int = MOST_CONNECTIONS,
        a_few_up_to: int = 0,
    ) -> None:
        """``a_few_up_to``: so many bytes may a body have while only a few are as large."""
        host, port = listener.getsockname()[:2]
        self._address = ("127.0.0.1" if host == "0.0.0.0" else host, port)
        share_memory()
        front = _front((host, tls.tls_port), self._address, tls) if tls is not None else None
        served = app if front is None else _marking(app, front)
        self._open: dict[int, Any] = {}
        """What waitress's loop works on; it ends when nothing is left."""
        self._server = create_server(
            served,
            map=self._open,
            sockets=[listener],
            threads=THREADS,
            ident=None,
            asyncore_use_poll=True,  # select() takes no file beyond the 1024th
            connection_limit=most_connections,
            channel_timeout=SILENT_S,
            max_request_header_size=LARGEST_HEADER_BYTES,
            max_request_body_size=largest_body,
        )
        if a_few_up_to > largest_body:
            self._server.channel_class = _channel(a_few_up_to)
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)
        self._front = FrontThread(front) if front is not None else None

    def start(self) -> None:
        """Serve in the background."""
        self._thread.start()
        log.info("pages at http://%s:%d/", *self._address)
        if self._front is not None:
            self._front.start()

    def is_answering(self) -> bool:
        """Whether a page is really answered: a live thread may still hang."""
        if self._front is not None and not self._front.is_alive:
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
        if self._front is not None:
            self._front.stop()
        self._server.task_dispatcher.shutdown()
        if self._thread.is_alive():  # its loop must not find a socket closed that it waits for
            self._server.trigger.pull_trigger(self._close_all)
            self._thread.join()
        self._close_all()

    def _close_all(self) -> None:
        wasyncore.close_all(self._open)


def _front(address: Address, inner: Address, settings: TlsSettings) -> TlsFront | None:
    """None: TLS is off, or cannot be; the pages are served all the same, for visitors wait."""
    certificate = settings.server_certificate
    if certificate is None:
        return None
    try:
        front = TlsFront(address, inner, certificate)
    except OperatorError as error:
        log.warning("no https: %s", error)
        return None
    log.info("pages at https://%s:%d/", *address)
    return front


def _channel(largest: int) -> type[HTTPChannel]:
    """A connection whose requests may have up to ``largest`` bytes, a few of them at a time."""
    places = threading.BoundedSemaphore(LARGE_AT_ONCE)

    class Parser(HTTPRequestParser):  # type: ignore[misc]
        adj: Any

        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            usual = self.adj.max_request_body_size
            if usual <= self.content_length <= largest and places.acquire(blocking=False):
                weakref.finalize(self, places.release)
                self.adj = copy(self.adj)
                self.adj.max_request_body_size = largest + 1

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Parser

    return Channel


def _marking(app: Application, front: TlsFront) -> Application:
    """``app``, which is told of each request that came with TLS: that it did, and from whom.

    No other connection comes from the front's address and port. The port alone would not do:
    whoever comes from another machine chooses theirs.
    """

    def marked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if peer := front.peer_of((environ["REMOTE_ADDR"], int(environ["REMOTE_PORT"]))):
            host, port = peer
            environ |= {"REMOTE_ADDR": host, "REMOTE_HOST": host, "REMOTE_PORT": str(port)}
            environ["wsgi.url_scheme"] = "https"
        return app(environ, start_response)

    return marked
