"""Checks a JSON Schema before it is used."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema.protocols import Validator
    from referencing import Registry, Resource

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


def check_schema(schema: object) -> str | None:
    """Why ``schema`` is not a usable JSON Schema; ``None`` when it is.

    The dialect is the one that ``$schema`` names, from draft 4 to 2020-12, else 2020-12. References must lead to a
    part of the schema or to a published metaschema: nothing is fetched.
    """
    from jsonschema.exceptions import SchemaError

    if not isinstance(schema, dict):
        return f"a JSON Schema is an object, not {type(schema).__name__}"
    dialect = dialect_of(schema)
    if dialect is None:
        return f"$schema: {schema.get('$schema')!r} is no dialect of JSON Schema that is known"
    try:
        dialect.check_schema(schema)
    except SchemaError as error:
        return f"{_path(error.absolute_path)}{error.message}"
    return _dangling_reference(schema, dialect)


def dialect_of(schema: Mapping[str, Any]) -> "type[Validator] | None":
    """The validator class of a schema's dialect."""
    from jsonschema import validators

    named = schema.get("$schema")
    if named is None:
        return validators.Draft202012Validator
    if not isinstance(named, str):
        return None
    return _dialects().get(named.removesuffix("#"))


def _dialects() -> "dict[str, type[Validator]]":
    from jsonschema import validators as v

    known = (
        v.Draft4Validator,
        v.Draft6Validator,
        v.Draft7Validator,
        v.Draft201909Validator,
        v.Draft202012Validator,
    )
    return {(d.META_SCHEMA.get("$id") or d.META_SCHEMA["id"]).removesuffix("#"): d for d in known}


def rooted(schema: Mapping[str, Any]) -> "tuple[Resource[Any], Registry[Any]]":
    """A schema as a resource, and a registry that contains only it and the metaschemas."""
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]
    from referencing import Resource
    from referencing.jsonschema import DRAFT202012

    resource: Resource[Any] = Resource.from_contents(schema, default_specification=DRAFT202012)
    return resource, REGISTRY.with_resource(resource.id() or "", resource)


def _dangling_reference(schema: Mapping[str, Any], dialect: "type[Validator]") -> str | None:
    from referencing.exceptions import Unresolvable

    root, registry = rooted(schema)
    waiting = [(root, registry.resolver(root.id() or ""))]
    while waiting:
        resource, resolver = waiting.pop()
        for keyword in _REFERENCES:
            reference = _reference(resource.contents, keyword)
            try:
                if reference is not None:
                    resolver.lookup(reference)
            except (Unresolvable, ValueError):
                return f"{keyword}: {reference!r} leads nowhere in this schema, and nothing is fetched"
        waiting += [(each, resolver.in_subresource(each)) for each in resource.subresources()]
    return None


def _reference(contents: object, keyword: str) -> str | None:
    reference = contents.get(keyword) if isinstance(contents, Mapping) else None
    return reference if isinstance(reference, str) else None


def _path(path: Iterable[str | int]) -> str:
    steps = "/".join(str(step) for step in path)
    return f"{steps}: " if steps else ""
