"""Speaks TLS before a server that does not: its bytes go on to a plain port of this machine."""

import asyncio
import logging
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from shared.errors import OperatorError

log = logging.getLogger(__name__)

HANDSHAKE_WITHIN_S = 10.0
GOODBYE_S = 2.0
"""How long the end of a connection may take in good order."""
LOOK_EVERY_S = 2.0
"""How often the certificate's file is looked at: it may have been renewed."""
MOST_CONNECTIONS = 200
MOST_OF_ONE_ADDRESS = 120
"""Room is left for the others, also where a router hides a whole team behind its own address."""
STUCK_S = 60.0
"""After so long a client that takes nothing of what it asked for is gone."""
LINGERS_S = 60.0
"""How long a server may work on the request of somebody who has gone."""
_PIECE = 64 * 1024

Address = tuple[str, int]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def shown_by(file: Path) -> ssl.SSLContext:
    """For a server that shows the certificate in ``file``, with its secret key.

    Raises:
        OperatorError: there is none that a server can show.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION  # each costs us more than whoever asks for it
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
        self._peers: dict[Address, Address] = {}
        self._open_from: Counter[str] = Counter()
        self._under_way: set[asyncio.Task[None]] = set()
        try:
            self._listener = socket.create_server(address)
        except OSError as error:
            host, port = address
            raise OperatorError("error.listen", host=host, port=port, problem=error) from error
        self._listener.setblocking(False)

    def peer_of(self, own: Address) -> Address | None:
        """Who speaks to the plain server from this address and port of ours."""
        return self._peers.get(own)

    async def serve(self) -> None:
        """Take connections until cancelled."""
        loop = asyncio.get_running_loop()
        with closing(self._listener):
            loop.add_reader(self._listener, self._accept)
            try:
                while True:
                    await asyncio.sleep(LOOK_EVERY_S)
                    self._take_renewed()
            finally:
                loop.remove_reader(self._listener)
                for task in self._under_way:
                    task.cancel()
                await asyncio.gather(*self._under_way, return_exceptions=True)

    def _take_renewed(self) -> None:
        """Show a renewed certificate to whoever connects from now on."""
        if (stamp := stamp_of(self._certificate)) == self._stamp:
            return
        self._stamp = stamp
        try:
            _show(self._context, self._certificate)
        except OperatorError as error:
            log.warning("%s", error)

    def _accept(self) -> None:
        try:
            connection, peer = self._listener.accept()
        except OSError as error:  # whoever came has gone, or too many files are open
            log.warning("no connection is taken: %s", error)
            return
        from_here = self._open_from[peer[0]]
        if len(self._under_way) >= MOST_CONNECTIONS or from_here >= MOST_OF_ONE_ADDRESS:
            connection.close()
            return
        connection.setblocking(False)
        self._open_from[peer[0]] += 1
        task = asyncio.create_task(self._pass_on(connection, peer[:2]))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        task.add_done_callback(lambda _: self._forget(connection, peer[0]))  # also if never begun

    def _forget(self, connection: socket.socket, host: str) -> None:
        connection.close()
        self._open_from[host] -= 1
        self._open_from += Counter()  # keeps those above 0

    async def _pass_on(self, connection: socket.socket, peer: Address) -> None:
        """Shake hands, and pass on what is said."""
        with suppress(OSError):  # they trust us not, speak no TLS, or are gone
            reader, writer = await _greeted(connection, self._context)
            try:
                inner_reader, inner = await asyncio.open_connection(*self._inner)
                own = inner.get_extra_info("sockname")[:2]
                self._peers[own] = peer
                try:
                    await _both_ways((reader, writer), (inner_reader, inner))
                finally:
                    self._peers.pop(own)
                    inner.transport.abort()
            finally:
                writer.transport.abort()


async def _greeted(connection: socket.socket, context: ssl.SSLContext) -> Streams:
    """The streams of a connection, once the hands are shaken."""
    # Without it the answer behind a handshake is 40 ms late.
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_accepted_socket(
        lambda: protocol,
        connection,
        ssl=context,
        ssl_handshake_timeout=HANDSHAKE_WITHIN_S,
        ssl_shutdown_timeout=GOODBYE_S,
    )
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def _both_ways(outer: Streams, inner: Streams) -> None:
    """Until both are done: the server may still work on what somebody asked who has gone."""
    asking = asyncio.create_task(_copy(outer[0], inner[1]))
    answering = asyncio.create_task(_copy(inner[0], outer[1]))
    try:
        await asyncio.wait((asking, answering), return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            inner[1].write_eof()
            await asyncio.wait((answering,), timeout=LINGERS_S)
        outer[1].close()
        await outer[1].wait_closed()
    finally:
        asking.cancel()
        answering.cancel()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until either side is gone, however it went."""
    with suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            async with asyncio.timeout(STUCK_S):
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
