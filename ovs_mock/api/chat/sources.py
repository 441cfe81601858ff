"""The source of a stream: published by the caller, or a camera that the server pulls. Pure."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from yarl import URL

from ovs_mock.api.bodies import LenientBody, validate
from ovs_mock.engine.stream import CameraSource, NativeSource, Source


class PublishedBody(LenientBody):
    type: Literal["livekit"]


class RtspBody(LenientBody):
    type: Literal["rtsp"]
    url: str

    @field_validator("url")
    @classmethod
    def _leads_to_a_camera(cls, url: str) -> str:
        return _with_scheme(url, "rtsp", "rtsps")


class HlsBody(LenientBody):
    type: Literal["hls"]
    url: str

    @field_validator("url")
    @classmethod
    def _leads_to_a_playlist(cls, url: str) -> str:
        return _with_scheme(url, "http", "https")


SourceBody = Annotated[PublishedBody | RtspBody | HlsBody, Field(discriminator="type")]


class CreateBody(LenientBody):
    source: SourceBody | None = None


def source(body: Any) -> Source:
    """The source that the body of ``POST /streams`` asks for; raises InvalidBodyError."""
    match validate(CreateBody, {} if body is None else body).source:
        case RtspBody(type=kind, url=url) | HlsBody(type=kind, url=url):
            return CameraSource(kind, url)
        case _:
            return NativeSource()


def _with_scheme(url: str, *schemes: str) -> str:
    try:
        parsed = URL(url)
        known = parsed.scheme in schemes and bool(parsed.host)
    except ValueError:
        known = False
    if not known:
        expected = " or ".join(f"{scheme}://" for scheme in schemes)
        raise PydanticCustomError(
            "url_scheme", "Input should be a URL that begins with {expected}", {"expected": expected}
        )
    return url
