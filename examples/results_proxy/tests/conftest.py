"""The service as it runs in production, a camera, and a client."""

import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from results_proxy import API, app

from ovs_mock import Ovs


@pytest.fixture
def proxy(ovs_intercepted: Ovs) -> Iterator[httpx.Client]:
    """A client of the service, which listens on a port of its own, so that answers arrive token by token."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="none", timeout_graceful_shutdown=2))
    socket = server.config.bind_socket()
    socket.listen()  # so that connections wait until the service is up
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{socket.getsockname()[1]}", timeout=30) as client:
        yield client
    server.should_exit = True
    thread.join()


@pytest.fixture
def camera(ovs_intercepted: Ovs) -> Iterator[str]:
    """The id of a stream that has some video."""
    headers = {"Authorization": f"Bearer {ovs_intercepted.api_key}"}
    with httpx.Client(base_url=API, headers=headers) as api:
        stream_id = api.post("/streams").json()["id"]
        ovs_intercepted.play(stream_id, seconds=1)
        yield stream_id
        api.delete(f"/streams/{stream_id}")
