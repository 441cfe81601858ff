"""Bodies of chat completions: OpenAI's, and permissive. Unknown fields are accepted and mean nothing."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from ovs_mock.api.bodies import LenientBody, checked_schema

MAX_CHOICES = 128


def _url_object(value: Any) -> Any:
    """Some clients send the URL itself in place of the object that holds it."""
    return {"url": value} if isinstance(value, str) else value


class UrlBody(LenientBody):
    url: str = Field(min_length=1)


MediaUrl = Annotated[UrlBody, BeforeValidator(_url_object)]


class TextPart(LenientBody):
    type: Literal["text"]
    text: str


class ImagePart(LenientBody):
    type: Literal["image_url"]
    image_url: MediaUrl


class VideoPart(LenientBody):
    type: Literal["video_url"]
    video_url: MediaUrl


PartBody = Annotated[TextPart | ImagePart | VideoPart, Field(discriminator="type")]


class CalledFunction(LenientBody):
    name: str
    arguments: str = "{}"


class ToolCallBody(LenientBody):
    id: str
    function: CalledFunction


class MessageBody(LenientBody):
    """``content`` is a string or a list of parts; only an assistant may say nothing."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: list[PartBody] | None = None
    tool_calls: list[ToolCallBody] | None = None
    tool_call_id: str | None = None

    @field_validator("content", mode="before")
    @classmethod
    def _as_parts(cls, content: Any) -> Any:
        if isinstance(content, str):
            return [{"type": "text", "text": content}]
        if content is not None and not isinstance(content, list):
            raise PydanticCustomError("content_type", "Input should be a string or a list of parts")
        return content

    @model_validator(mode="after")
    def _says_something(self) -> "MessageBody":
        if self.content is None and self.role != "assistant":
            raise PydanticCustomError("missing", "A message of role {role} needs content", {"role": self.role})
        return self


class FunctionBody(LenientBody):
    name: str = Field(min_length=1)
    description: str | None = None
    parameters: dict[str, Any] | None = None

    @field_validator("parameters")
    @classmethod
    def _is_json_schema(cls, schema: dict[str, Any] | None) -> dict[str, Any] | None:
        return checked_schema(schema)


class ToolBody(LenientBody):
    type: Literal["function"] = "function"
    function: FunctionBody


class FunctionName(LenientBody):
    name: str = Field(min_length=1)


class NamedChoice(LenientBody):
    type: Literal["function"] = "function"
    function: FunctionName


class SchemaBody(LenientBody):
    """``strict`` changes nothing: replies follow the schema either way."""

    schema_: dict[str, Any] | None = Field(default=None, alias="schema")

    @field_validator("schema_")
    @classmethod
    def _is_json_schema(cls, schema: dict[str, Any] | None) -> dict[str, Any] | None:
        return checked_schema(schema)


class ResponseFormat(LenientBody):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: SchemaBody | None = None

    @model_validator(mode="after")
    def _has_its_schema(self) -> "ResponseFormat":
        if self.type == "json_schema" and self.json_schema is None:
            raise PydanticCustomError("missing", "A response_format of type json_schema needs the field json_schema")
        return self


class StreamOptions(LenientBody):
    include_usage: bool = False


class ChatBody(LenientBody):
    model: str = Field(min_length=1)
    messages: list[MessageBody] = Field(min_length=1)
    n: int | None = Field(default=None, ge=1, le=MAX_CHOICES)
    max_completion_tokens: int | None = Field(default=None, gt=0)
    max_tokens: int | None = Field(default=None, gt=0)
    temperature: float | None = Field(default=None, ge=0)
    response_format: ResponseFormat | None = None
    tools: list[ToolBody] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedChoice | None = None
    parallel_tool_calls: bool | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    thread_id: str | None = None

    @model_validator(mode="after")
    def _chooses_a_tool_that_is_there(self) -> "ChatBody":
        names = [tool.function.name for tool in self.tools or ()]
        if self.tool_choice == "required" and not names:
            raise PydanticCustomError("tool_choice", "tool_choice is required, but there are no tools")
        if isinstance(self.tool_choice, NamedChoice) and self.tool_choice.function.name not in names:
            raise PydanticCustomError("tool_choice", "tool_choice names a function that is not among the tools")
        return self
