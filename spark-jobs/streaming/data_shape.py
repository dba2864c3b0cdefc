"""What a topic carries (schema/events.py) as Spark's types and conditions, made from the product's own models."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from types import UnionType
from typing import Any, get_args, get_origin
from uuid import UUID

from pyspark.sql import Column
from pyspark.sql import functions as F

from batch.event_check import NUMBER_PATTERN, UUID_PATTERN
from schema.model import Message

# In the JSON, exact decimals, instants and ids are text.
_TYPES: dict[Any, str] = {int: "bigint", float: "double", bool: "boolean"}


def shape_of(model: type[Message]) -> str:
    """The fields of its JSON, as Spark writes them in a type: `name type, …`."""
    return ", ".join(f"{name} {_type_of(field.annotation)}" for name, field in model.model_fields.items())


def is_right(value: Column, model: type[Message]) -> Column:
    """Whether a struct of that shape is what the model takes; null or false when it is not."""
    required = [
        value[name].isNotNull() for name, field in model.model_fields.items() if field.is_required()
        and type(None) not in get_args(field.annotation)
    ]  # fmt: skip
    fields = model.model_fields.items()
    fitting = [value[name].isNull() | _fits(value[name], field.annotation) for name, field in fields]
    return reduce(lambda one, other: one & other, [*required, *fitting], F.lit(True))


def _type_of(annotation: Any) -> str:
    kind = _without_none(annotation)
    if get_origin(kind) is tuple:
        return f"array<{_type_of(get_args(kind)[0])}>"
    if isinstance(kind, type) and issubclass(kind, Message):
        fields = kind.model_fields.items()
        return f"struct<{', '.join(f'{name}: {_type_of(field.annotation)}' for name, field in fields)}>"
    return _TYPES.get(kind, "string")


def _fits(value: Column, annotation: Any) -> Column:
    kind = _without_none(annotation)
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return F.forall(value, lambda one: F.coalesce(_fits(one, inner), F.lit(False)))
    if kind in _TEXTS:
        return _TEXTS[kind](value)
    if isinstance(kind, type) and issubclass(kind, Message):
        return is_right(value, kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return value.isin([member.value for member in kind])
    return F.lit(True)  # what its type has checked; Spark takes anything as text


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) is not UnionType:
        return annotation
    (kind,) = (one for one in get_args(annotation) if one is not type(None))
    return kind


_TEXTS: dict[Any, Callable[[Column], Column]] = {
    UUID: lambda value: value.rlike(UUID_PATTERN),
    Decimal: lambda value: value.rlike(NUMBER_PATTERN),
    datetime: lambda value: F.try_to_timestamp(value).isNotNull(),
}
