"""A mock of the Overshoot real-time video API.

What this package exports is public; ``dir(ovs_mock)`` and docs/API.md list it. What is not exported here is internal
and may change in any release, and so may the names of the modules that it comes from.

The list of exports is ``__init__.pyi``. Each name is imported on first use, so that ``import ovs_mock`` imports no
other module.
"""

__version__ = "0.1.0"

_modules: dict[str, str] = {}


def _exports() -> dict[str, str]:
    """The public names, each with its module, as the stub says."""
    if not _modules:
        stub: str = __loader__.get_data(f"{__file__}i").decode()
        imports = (line.split() for line in stub.splitlines() if line.startswith("from "))
        _modules.update((name, module) for _, module, _, name, *_ in imports)
    return _modules


def __getattr__(name: str) -> object:
    exports = _exports()
    if name == "__all__":
        return sorted(exports)
    if name not in exports:
        raise AttributeError(f"module 'ovs_mock' has no attribute {name!r}; it has {', '.join(sorted(exports))}")
    from importlib import import_module

    module = import_module(exports[name])
    value = getattr(module, name, None) or import_module(f"{module.__name__}.{name}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*_exports(), "__version__"])
