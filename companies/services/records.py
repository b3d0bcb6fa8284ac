"""How a row is saved: checked first for words a person can act on, guarded by the database in any case."""

from collections.abc import Collection
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from core.errors import conflict_from, incomplete_from

Row = TypeVar("Row", bound=models.Model)


def save(row: Row, *, fields: Collection[str] | None = None) -> Row:
    """Check and save, an existing row only in the named fields. Raises Incomplete, or Conflict when somebody else was
    faster."""
    try:
        row.full_clean()
        with transaction.atomic():
            row.save(update_fields=fields)
    except ValidationError as error:
        raise incomplete_from(error) from error
    except IntegrityError as error:
        raise conflict_from(error, type(row)) from error
    return row
