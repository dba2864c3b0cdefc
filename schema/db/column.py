"""Column types that mean the same on SQLite and MariaDB."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, Float, LargeBinary, String, Text, Uuid
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC instants with microseconds; SQLite loses the zone, so it is put back."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Microseconds on MariaDB too."""
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    @property
    def python_type(self) -> type[datetime]:
        """What rows hold; a TypeDecorator does not say so by itself."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Put UTC back."""
        return None if value is None else value.replace(tzinfo=UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """Decimals as text: exact on every engine; never summed in SQL."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Plain notation."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Back to a Decimal."""
        return None if value is None else Decimal(value)


# Every constraint has a name, so a later migration can drop it on both engines.
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}

Blob = LargeBinary(length=2**24 - 1).with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")
Double = Float(53).with_variant(mysql.DOUBLE(asdecimal=False), "mysql", "mariadb")

# Made by `schema.search.folding`, compared letter by letter: MariaDB's usual order takes all rare letters for one.
FoldedText = Text().with_variant(mysql.TEXT(collation="utf8mb4_bin"), "mysql", "mariadb")

Id = Annotated[UUID, mapped_column(Uuid(native_uuid=False), primary_key=True)]
Ref = Annotated[UUID, mapped_column(Uuid(native_uuid=False), index=True)]
MaybeRef = Annotated[UUID | None, mapped_column(Uuid(native_uuid=False), nullable=True)]
Instant = Annotated[datetime, mapped_column(UtcDateTime())]
MaybeInstant = Annotated[datetime | None, mapped_column(UtcDateTime(), nullable=True)]
Exact = Annotated[Decimal, mapped_column(ExactDecimal())]
MaybeExact = Annotated[Decimal | None, mapped_column(ExactDecimal(), nullable=True)]
Word = Annotated[str, mapped_column(String(40))]
Name = Annotated[str, mapped_column(String(255))]
MaybeFolded = Annotated[str | None, mapped_column(FoldedText, nullable=True)]
Document = Annotated[dict[str, Any], mapped_column(JSON)]
Bytes = Annotated[bytes, mapped_column(Blob)]
