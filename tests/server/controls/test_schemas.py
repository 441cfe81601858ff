"""Bodies are what they should be, or the message says what they should be."""

import pytest

from ovs_mock.server.controls.errors import InvalidControlBodyError
from ovs_mock.server.controls.schemas import AccountBody, PlayBody


def test_what_is_left_out_has_its_default() -> None:
    asked = PlayBody.read(b'{"seconds": 3}')
    assert (asked.seconds, asked.fps, asked.width, asked.height) == (3, 10, 640, 360)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"nonsense",
        b"\xff",
        b'{"seconds": "1"}',
        b'{"seconds": true}',
        b'{"seconds": -1}',
        b'{"seconds": NaN}',
        b'{"seconds": 1e300}',
        b'{"seconds": 1, "fps": 0}',
        b'{"seconds": 1, "width": 0}',
        b'{"seconds": 1, "width": 1.5}',
        b'{"seconds": 1, "speed": 2}',
        b"[" * 100_000,
    ],
)
def test_anything_else_names_what_is_expected(raw: bytes) -> None:
    with pytest.raises(InvalidControlBodyError, match=r'\{"seconds", "fps"\?, "width"\?, "height"\?\}'):
        PlayBody.read(raw)


def test_what_was_sent_is_not_repeated() -> None:
    with pytest.raises(InvalidControlBodyError) as raised:
        AccountBody.read(b'{"api_key": ["ovs-secret"], "credits_cents": "ovs-secret"}')
    assert "secret" not in str(raised.value)
