"""Result sockets, against a small server that does what a test wants."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from ovs_contracts.transport.exchange import Deviation
from ovs_contracts.transport.sockets import ResultSocketClient
from websockets.sync.server import ServerConnection, serve


@contextmanager
def served(handler: Callable[[ServerConnection], None], *, timeout: float = 5) -> Iterator[ResultSocketClient]:
    """A socket to a server that treats each connection so."""
    with serve(handler, "127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        port = server.socket.getsockname()[1]
        try:
            with ResultSocketClient(f"ws://127.0.0.1:{port}/", timeout=timeout) as socket:
                yield socket
        finally:
            server.shutdown()
            thread.join()


def after_the_key(*messages: str | bytes) -> Callable[[ServerConnection], None]:
    """Sends these, and closes with 1001, once something has been said."""

    def handler(connection: ServerConnection) -> None:
        connection.recv()
        for message in messages:
            connection.send(message)
        connection.close(1001, "stream ended: lease_expired")

    return handler


def until_it_leaves(connection: ServerConnection) -> None:
    for _ in connection:
        pass


def test_all_that_comes_until_the_close() -> None:
    with served(after_the_key("1", "[2]")) as socket:
        socket.authenticate("ovs-key")
        assert socket.receive_until_closed() == [1, [2]]
        assert socket.close_frame() == socket.wait_closed() == (1001, "stream ended: lease_expired")


def test_a_socket_that_stays_open_is_a_deviation() -> None:
    with served(until_it_leaves, timeout=0.1) as socket, pytest.raises(Deviation, match="open socket"):
        socket.receive_until_closed()


@pytest.mark.parametrize("message", [b"1", "hello"])
def test_what_is_no_result_is_a_deviation(message: str | bytes) -> None:
    with served(after_the_key(message)) as socket:
        socket.authenticate("ovs-key")
        with pytest.raises(Deviation):
            socket.receive_until_closed()


def test_pings_are_answered_until_the_close() -> None:
    with served(after_the_key("1")) as socket:
        assert socket.ping()
        socket.authenticate("ovs-key")
        socket.wait_closed()
        assert not socket.ping()
