"""``@record(frozen=True, slots=True)``: a dataclass that is cheap to define and to create.

Type checkers see ``dataclass`` and refuse assignments to fields. At run time nothing refuses them, and records share
``__eq__``, ``__hash__`` and ``__repr__``. That makes a class four times as fast to define as a frozen dataclass, and
an instance four times as fast to create. The mock defines a hundred of them, and creates several for each inference.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    from dataclasses import dataclass, fields

    def record(*, frozen, slots, kw_only=False, eq=True):
        """The decorator. Both flags must be set: they are there for the type checkers."""
        assert frozen
        assert slots

        def decorate(cls):
            made = dataclass(slots=True, eq=False, repr=False, kw_only=kw_only)(cls)
            made.__repr__ = _represent
            if eq:
                made.__eq__, made.__hash__ = _is_equal, _hash
            return made

        return decorate

    def _is_equal(self, other):
        if type(self) is not type(other):
            return NotImplemented
        return self is other or _values(self) == _values(other)

    def _hash(self):
        return hash((type(self), *_values(self)))

    def _represent(self):
        shown = [f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr]
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def _values(instance):
        return [getattr(instance, name) for name in instance.__dataclass_fields__]


__all__ = ["record"]
