"""A server that does nothing but take video in."""

from collections.abc import AsyncIterator

import pytest
from ovs_support.ingest import Mock, serve


@pytest.fixture
async def mock() -> AsyncIterator[Mock]:
    """A server with a gateway and a running clock."""
    async with serve() as served:
        yield served
