"""Answers about cameras for browsers, which never see the API key."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

API = "https://api.overshoot.ai/v1beta"
MODEL = "Qwen/Qwen3.6-27B-FP8"
PASSED_ON = {400, 402, 404, 409, 410, 429, 503}
"""The statuses that clients may see; every other error is a 502 to them."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    headers = {"Authorization": f"Bearer {os.environ['OVERSHOOT_API_KEY']}"}
    async with httpx.AsyncClient(base_url=API, headers=headers, timeout=60) as api:
        app.state.api = api
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
async def health(request: Request) -> Response:
    """Whether the model that is asked is ready."""
    listed = await request.app.state.api.get("/models")
    ready = any(model["id"] == MODEL and model["status"] == "ready" for model in listed.json()["data"])
    return JSONResponse({"ready": ready}, status_code=200 if ready else 503)


@app.get("/cameras/{stream_id}/answer")
async def answer(request: Request, stream_id: str, question: str) -> Response:
    """The answer to a question about the newest frame: events ``token``, and in the end ``done`` or ``failed``."""
    api: httpx.AsyncClient = request.app.state.api
    frame = {"type": "image_url", "image_url": {"url": f"ovs://streams/{stream_id}?frame_index=-1"}}
    body = {
        "model": MODEL,
        "messages": [{"role": "user", "content": [{"type": "text", "text": question}, frame]}],
        "stream": True,
    }
    upstream = await api.send(api.build_request("POST", "/chat/completions", json=body), stream=True)
    if upstream.status_code != httpx.codes.OK:
        await upstream.aclose()
        return _refusal(upstream)
    return StreamingResponse(_events(upstream), media_type="text/event-stream")


def _refusal(upstream: httpx.Response) -> Response:
    status = upstream.status_code if upstream.status_code in PASSED_ON else 502
    headers = {name: upstream.headers[name] for name in ("retry-after",) if name in upstream.headers}
    return JSONResponse({"error": httpx.codes.get_reason_phrase(status)}, status, headers)


async def _events(upstream: httpx.Response) -> AsyncIterator[str]:
    """Yields the events for a client. When it disconnects, the upstream response closes, which cancels the question."""
    try:
        async for line in upstream.aiter_lines():
            data = line.removeprefix("data: ")
            if not line or data == "[DONE]":
                continue
            chunk = json.loads(data)
            if "error" in chunk:
                yield _event("failed", "the model stopped")
                return
            for choice in chunk["choices"]:
                if token := choice["delta"].get("content"):
                    yield _event("token", token)
        yield _event("done", None)
    except httpx.HTTPError:
        yield _event("failed", "the line broke")
    finally:
        await upstream.aclose()


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
