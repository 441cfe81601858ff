"""What stands between clients and the API in tests of interception."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def proxy(behind: ssl.SSLContext | None = None) -> Iterator[str]:
    """The URL of a proxy that takes any CONNECT; behind it a host with TLS, or one that says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, behind))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(listener: socket.socket, behind: ssl.SSLContext | None) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client, contextlib.suppress(OSError):
            asked = b""
            while b"\r\n\r\n" not in asked and (data := client.recv(4096)):
                asked += data
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            if behind:
                behind.wrap_socket(client, server_side=True).close()
            else:
                client.recv(1)
