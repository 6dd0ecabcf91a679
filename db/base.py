"""The declarative base: one naming convention, one map from Python types to columns.

Every column carries `comment=`; `tests/db/test_migrations.py` fails on a table or column without one.
"""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from sqlalchemy import ARRAY, BigInteger, Date, Enum, Identity, LargeBinary, MetaData, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, UUID
from sqlalchemy.orm import DeclarativeBase, mapped_column

# Names are made by rule, so that a migration can drop what another one made on any machine.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def _values(members: type[enum.Enum]) -> Sequence[str]:
    return [str(member.value) for member in members]


# Text with a check constraint, not a Postgres enum type: a word can then be added in one transaction and taken away again.
EnumByValue = Enum(enum.Enum, values_callable=_values, native_enum=False, create_constraint=True, length=64)

# Money keeps four places: unit prices of reagents and kilometres of cable are stated in fractions of a fen.
Money = Numeric(20, 4)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        Decimal: Money,
        dt.datetime: TIMESTAMP(timezone=True),
        dt.date: Date(),
        str: Text(),
        bytes: LargeBinary(),
        uuid.UUID: UUID(as_uuid=True),
        enum.Enum: EnumByValue,
        dict[str, Any]: JSONB(none_as_null=True),
        list[str]: ARRAY(Text()),
        list[int]: ARRAY(BigInteger()),
    }


BigId = Annotated[
    int, mapped_column(BigInteger, Identity(), primary_key=True, comment="Row number; means nothing outside")
]
"""A primary key the database numbers; COPY may bring its own."""

BigInt = Annotated[int, mapped_column(BigInteger)]
"""A 64-bit whole number; `int` alone is 32 bits."""
