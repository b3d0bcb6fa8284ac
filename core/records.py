"""How a row is saved, held while somebody changes it, and declared void when it was entered in error.

A row is checked first, for words that a person can act on, and guarded by the database in any case.
"""

from collections.abc import Callable, Collection
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Conflict, DomainError, Incomplete, conflict_from, incomplete_from, taken_from
from core.text import refuse_turning_marks

Row = TypeVar("Row", bound=models.Model)
VoidableRow = TypeVar("VoidableRow", bound="Voidable")


class Voidable(models.Model):
    """A record that is never deleted: entered in error, it is declared void and stays with the reason."""

    voided_at = models.DateTimeField(null=True, blank=True, editable=False)
    void_reason = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


def save(
    row: Row,
    *,
    fields: Collection[str] | None = None,
    refusal: Callable[[IntegrityError, Row], DomainError] | None = None,
) -> Row:
    """Check and save, an existing row only in the named fields. Raises Incomplete, or Conflict when another row is
    there already: in the words of `refusal`, or of the constraint itself."""
    try:
        _refuse_turning_marks(row)
        row.full_clean()
        with transaction.atomic():
            row.save(update_fields=fields)
    except ValidationError as error:
        raise (taken_from(error, type(row)) or incomplete_from(error)) from error
    except IntegrityError as error:
        raise (refusal or conflict_of)(error, row) from error
    return row


def _refuse_turning_marks(row: models.Model) -> None:
    texts = [field for field in row._meta.concrete_fields if isinstance(field, models.CharField | models.TextField)]
    for field in texts:  # and no other: a generated one cannot be read before the row is saved
        value = getattr(row, field.attname)
        if value:
            try:
                refuse_turning_marks(str(value))
            except ValidationError as error:
                raise ValidationError({field.name: error}) from error


def conflict_of(error: IntegrityError, row: models.Model) -> Conflict:
    """What the database refused about a row, in the words of its field or constraint; an unknown one as it came."""
    name = constraint_of(error)
    for field in row._meta.concrete_fields:
        if field.unique and name == f"{row._meta.db_table}_{field.column}_key":
            message = str(field.error_messages["unique"])
            return Conflict(message, code="taken", fields={field.name: [message]})
    return conflict_from(error, type(row))


def hold(row: VoidableRow) -> VoidableRow:
    """The row as it is now, locked until the transaction ends: somebody else may have changed it a moment ago. Conflict
    when it was declared void."""
    held = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    refuse_void(held)
    return held


def refuse_void(row: Voidable) -> None:
    """Conflict for a record that was declared void."""
    if row.voided_at is not None:
        words = {"name": row, "reason": row.void_reason}
        raise Conflict(_("%(name)s was declared void: %(reason)s") % words, code="void")


def declare_void(row: VoidableRow, reason: str) -> VoidableRow:
    """The record was entered in error: it counts for nothing from now on. Incomplete without a reason."""
    if not reason.strip():
        message = _("Say why it was entered in error.")
        raise Incomplete(message, fields={"reason": [message]})
    row.voided_at, row.void_reason = timezone.now(), reason.strip()
    row.save(update_fields=["voided_at", "void_reason", "updated_at"])
    return row


def constraint_of(error: IntegrityError) -> str | None:
    """The name of the constraint that the database found violated."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
