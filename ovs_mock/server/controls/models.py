"""The models: which are listed, whether they accept requests, and how they reply."""

from typing import Any

from ovs_mock.server.controls import replies
from ovs_mock.server.controls.errors import ControlRequestError
from ovs_mock.server.controls.request import ControlRequest
from ovs_mock.server.controls.schemas import DrainingBody, LimitsBody, ModelBody, RepliesBody


async def set_status(control: ControlRequest) -> Any:
    """Make a model ready, degraded, saturated, loading or unavailable."""
    body = await control.body(ModelBody)
    models = control.tenant.runtime.state.models
    if models.get(body.model) is None:
        known = ", ".join(entry.id for entry in models.list())
        raise ControlRequestError(404, f"unknown model {body.model!r}; the models are {known}")
    models.set_status(body.model, body.status)
    return {"model": body.model, "status": body.status}


async def set_draining(control: ControlRequest) -> Any:
    """Refuse new streams and chats with 503, or accept them again."""
    body = await control.body(DrainingBody)
    control.tenant.runtime.state.draining = body.draining
    return {"draining": body.draining}


async def set_limits(control: ControlRequest) -> Any:
    """Set the number of chats that a user may begin in a second, where the API limits them."""
    body = await control.body(LimitsBody)
    control.tenant.runtime.state.rate.limit = body.chats_per_second
    return {"chats_per_second": body.chats_per_second}


async def script(control: ControlRequest) -> Any:
    """Script replies to the questions that match."""
    replies.script(control.tenant.model, await control.body(RepliesBody))
    return {}


async def reset(control: ControlRequest) -> Any:
    """Forget all scripted replies and all questions."""
    control.tenant.model.reset()
    return {}
