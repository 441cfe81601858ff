"""Hooks where names are resolved and sockets connect: every client passes here."""

import asyncio
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from importlib import import_module
from typing import Any

from ovs_mock.interception.hosts import PLACEHOLDER
from ovs_mock.interception.patches import Patches
from ovs_mock.interception.policy import POLICY


def install(patches: Patches) -> None:
    """Hook ``socket``, asyncio's and uvloop's loops, and aiohttp's resolver."""
    for name in ("gethostbyname", "gethostbyname_ex"):
        patches.replace(socket, name, _gethostbyname)
    patches.replace(socket, "getaddrinfo", _getaddrinfo)
    for name in ("connect", "connect_ex"):
        patches.replace(socket.socket, name, _connect)
    # On the loop's own thread, where the stack still leads to the caller.
    patches.replace(asyncio.BaseEventLoop, "getaddrinfo", _loop_getaddrinfo)
    if uvloop := _uvloop():
        patches.replace(uvloop.Loop, "getaddrinfo", _loop_getaddrinfo)
        patches.replace(uvloop.Loop, "create_connection", _create_connection)
    if resolver := sys.modules.get("aiohttp.resolver"):
        patches.replace(resolver.AsyncResolver, "resolve", _resolve)


def _uvloop() -> Any:
    """uvloop where it is installed: servers import it when they start, which is too late to hook it."""
    with suppress(ImportError):
        return import_module("uvloop")
    return None


def _getaddrinfo(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:  # noqa: A002
        if POLICY.resolve(host, port):
            host, flags = _for_family(PLACEHOLDER, family), socket.AI_NUMERICHOST
        return original(host, port, family, type, proto, flags)

    return getaddrinfo


def _gethostbyname(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def gethostbyname(hostname: Any) -> Any:
        return original(PLACEHOLDER if POLICY.resolve(hostname, None) else hostname)

    return gethostbyname


def _connect(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def connect(self: socket.socket, address: Any) -> Any:
        if type(address) is tuple and len(address) >= 2 and (mock := POLICY.connect_address(*address[:2])):
            address = (_for_family(mock[0], self.family), mock[1], *address[2:])
        return original(self, address)

    return connect


def _loop_getaddrinfo(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def getaddrinfo(self: Any, host: Any, port: Any, *, family: int = 0, **options: int) -> Any:
        if POLICY.resolve(host, port):
            host, options["flags"] = _for_family(PLACEHOLDER, family), socket.AI_NUMERICHOST
        return await original(self, host, port, family=family, **options)

    return getaddrinfo


def _create_connection(original: Callable[..., Any]) -> Callable[..., Any]:
    """For uvloop, which resolves and connects natively."""

    @wraps(original)
    async def create_connection(self: Any, factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
        if host is not None and (mock := POLICY.connect_address(host, port)):
            if options.get("ssl") and options.get("server_hostname") is None:
                options["server_hostname"] = host
            host, port = _for_family(mock[0], options.get("family", 0)), mock[1]
        return await original(self, factory, host, port, **options)

    return create_connection


def _resolve(original: Callable[..., Any]) -> Callable[..., Any]:
    """For aiohttp's resolver when aiodns is installed, which sends DNS queries by itself."""

    @wraps(original)
    async def resolve(self: Any, host: str, port: int = 0, family: int = socket.AF_INET) -> Any:
        if not POLICY.resolve(host, port):
            return await original(self, host, port, family)
        found = {"hostname": host, "host": PLACEHOLDER, "port": port, "family": socket.AF_INET, "proto": 0}
        return [found | {"flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV}]

    return resolve


def _for_family(host: str, family: int) -> str:
    """The address for a caller that uses IPv6 only."""
    return f"::ffff:{host}" if family == socket.AF_INET6 else host
