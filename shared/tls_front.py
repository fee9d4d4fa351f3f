"""Speaks TLS before a server that does not: its bytes go on to a plain port of this machine."""

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from shared.errors import OperatorError

log = logging.getLogger(__name__)

HANDSHAKE_WITHIN_S = 10.0
LOOK_EVERY_S = 2.0
"""How often the certificate's file is looked at: it may have been renewed."""
MOST_CONNECTIONS = 200
LINGERS_S = 60.0
"""How long a server may work on the request of somebody who has gone."""
_PIECE = 64 * 1024

Address = tuple[str, int]


def shown_by(file: Path) -> ssl.SSLContext:
    """For a server that shows the certificate in ``file``, with its secret key.

    Raises:
        OperatorError: there is none that a server can show.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _show(context, file)
    return context


def _show(context: ssl.SSLContext, file: Path) -> None:
    try:
        context.load_cert_chain(file)
    except OSError as error:
        raise OperatorError("error.server_certificate", path=file, problem=error) from error


def stamp_of(file: Path) -> tuple[int, int] | None:
    """Changes when ``file`` is written or replaced; None: there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


class TlsFront:
    """Belongs to one event loop; only ``peer_of`` may be asked by any thread.

    Not a TLS socket in the server itself: OpenSSL does not let one thread read and another write
    a connection, as our web server's threads do.
    """

    def __init__(self, address: Address, inner: Address, certificate: Path) -> None:
        """Listen at ``address``, for the server at ``inner``.

        Raises:
            OperatorError: the certificate cannot be shown, or the port is taken.
        """
        self._inner, self._certificate = inner, certificate
        self._stamp = stamp_of(certificate)
        self._context = shown_by(certificate)
        self._peers: dict[int, Address] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        try:
            self._listener = socket.create_server(address)
        except OSError as error:
            host, port = address
            raise OperatorError("error.listen", host=host, port=port, problem=error) from error
        # Connections inherit it. asyncio sets it only where a socket names its protocol, and the
        # answer behind a handshake is then 40 ms late.
        self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def peer_of(self, port: int) -> Address | None:
        """Who speaks to the plain server from this port of ours."""
        return self._peers.get(port)

    async def serve(self) -> None:
        """Take connections until cancelled."""
        server = await asyncio.start_server(
            self._take,
            sock=self._listener,
            ssl=self._context,
            ssl_handshake_timeout=HANDSHAKE_WITHIN_S,
        )
        async with server:
            while True:
                await asyncio.sleep(LOOK_EVERY_S)
                self._take_renewed()

    def _take_renewed(self) -> None:
        """Show a renewed certificate to whoever connects from now on."""
        if (stamp := stamp_of(self._certificate)) == self._stamp:
            return
        self._stamp = stamp
        try:
            _show(self._context, self._certificate)
        except OperatorError as error:
            log.warning("%s", error)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        if peer is None or len(self._under_way) >= MOST_CONNECTIONS:  # None: it has gone already
            writer.transport.abort()
            return
        task = asyncio.create_task(self._pass_on(reader, writer, peer[:2]))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: Address
    ) -> None:
        try:
            inner_reader, inner = await asyncio.open_connection(*self._inner)
        except OSError as error:
            log.warning("%s:%d is silent: %s", *self._inner, error)
            writer.transport.abort()
            return
        port = inner.get_extra_info("sockname")[1]
        self._peers[port] = peer
        both = (reader, inner), (inner_reader, writer)
        ways = [asyncio.create_task(_copy(*way)) for way in both]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if not ways[1].done():  # the server may still work on what was asked, for this peer
                inner.write_eof()
                await asyncio.wait(ways[1:], timeout=LINGERS_S)
        finally:
            for way in ways:
                way.cancel()
            inner.close()
            writer.close()
            self._peers.pop(port)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until either side is gone, however it went."""
    with suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()


class FrontThread:
    """A front with an event loop and a thread of its own."""

    def __init__(self, front: TlsFront) -> None:
        self._front = front
        self._end: Callable[[], object] = lambda: None
        self._has_begun = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tls", daemon=True)

    def start(self) -> None:
        """Serve in the background."""
        self._thread.start()
        self._has_begun.wait()

    @property
    def is_alive(self) -> bool:
        """Whether it takes connections."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Take no more connections, and end those that are open."""
        self._end()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._serve())

    async def _serve(self) -> None:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None
        self._end = partial(loop.call_soon_threadsafe, task.cancel)
        self._has_begun.set()
        await self._front.serve()
