"""The models, and what they say."""

from typing import Any

from aiohttp import web

from ovs_mock.model import ScriptedModel
from ovs_mock.runtime.runtime import Runtime
from ovs_mock.server.controls import replies
from ovs_mock.server.controls.endpoint import ControlRequestError, Endpoint, body
from ovs_mock.server.controls.schemas import DrainingBody, InvalidControlBodyError, LimitsBody, ModelBody, RepliesBody


class ModelControls:
    """What the mock lists, whether it takes new work, and what its model says."""

    def __init__(self, runtime: Runtime, model: ScriptedModel) -> None:
        self._runtime = runtime
        self._model = model

    def endpoints(self) -> dict[tuple[str, str], Endpoint]:
        return {
            ("POST", "/models"): self.set_status,
            ("POST", "/draining"): self.set_draining,
            ("POST", "/limits"): self.set_limits,
            ("POST", "/model/replies"): self.script,
            ("POST", "/model/reset"): self.reset,
        }

    async def set_status(self, request: web.Request) -> Any:
        """Make a model ready, degraded, saturated, loading or unavailable."""
        asked = await body(request, ModelBody)
        models = self._runtime.current_state().models
        if models.get(asked.model) is None:
            known = ", ".join(entry.id for entry in models.list())
            raise ControlRequestError(404, f"unknown model {asked.model!r}; the models are {known}")
        models.set_status(asked.model, asked.status)
        return {"model": asked.model, "status": asked.status}

    async def set_draining(self, request: web.Request) -> Any:
        """Refuse new streams and chats with 503, or take them again."""
        asked = await body(request, DrainingBody)
        self._runtime.current_state().draining = asked.draining
        return {"draining": asked.draining}

    async def set_limits(self, request: web.Request) -> Any:
        """Let a user begin so many chats in a second, where the API counts them."""
        asked = await body(request, LimitsBody)
        self._runtime.current_state().rate.limit = asked.chats_per_second
        return {"chats_per_second": asked.chats_per_second}

    async def script(self, request: web.Request) -> Any:
        """Reply so to the questions that are meant."""
        try:
            replies.script(self._model, await body(request, RepliesBody))
        except InvalidControlBodyError as error:
            raise ControlRequestError(422, str(error)) from None
        return {}

    async def reset(self, request: web.Request) -> Any:
        """Forget all that was scripted and asked."""
        self._model.reset()
        return {}
