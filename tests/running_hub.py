"""A hub that acts in a thread on what commands of this machine ask of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.local.local_socket import LocalSocket
from broker.local.post_box import PostBox


@contextmanager
def acting(hub: Hub, folder: Path) -> Iterator[PostBox]:
    """While ``hub``, whose file lies in ``folder``, takes what comes by its socket.

    Its file belongs to that thread now: whoever wants more of it posts that into the box.
    """
    post_box, ended = PostBox(), threading.Event()

    def loop() -> None:
        while not ended.wait(0.02):
            post_box.take(partial(handle, hub))
            let_time_pass(hub)

    socket, thread = LocalSocket(folder, post_box), threading.Thread(target=loop)
    socket.start()
    thread.start()
    yield post_box
    ended.set()
    thread.join()
    socket.stop()
