"""Constraints that several apps put on their tables: what may never be there, whoever writes.

Names are templates that Django fills in, so that each model has constraints of its own.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.periods import DAY, EARLIEST, LATEST

# Understood alike by Python, PostgreSQL and Rust: one line without blanks at its ends.
NUMBER_PATTERN = r"^[^ \t\r\n]([^\t\r\n]{0,62}[^ \t\r\n])?$"
NUMBER_LENGTH = 64
NUMBER_FORM = _("Use up to 64 characters on one line.")


def number_field(name: Any, taken: Any) -> models.CharField:
    """What people call a thing, unique: any characters, on one line. `taken` is told when another has it."""
    return models.CharField(
        name,
        max_length=NUMBER_LENGTH,
        unique=True,
        validators=[RegexValidator(NUMBER_PATTERN, NUMBER_FORM)],
        error_messages={"unique": taken},
    )


def number_form(field: str) -> models.CheckConstraint:
    """What people call a thing: any characters, on one line."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__regex": NUMBER_PATTERN}),
        name=f"%(app_label)s_%(class)s_{field}_form",
        violation_error_message=NUMBER_FORM,
    )


def within(field: str, low: Decimal | int, high: Decimal | int, message: Any) -> models.CheckConstraint:
    """Between two bounds, both included, or unknown."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__gte": low, f"{field}__lte": high}),
        name=f"%(app_label)s_%(class)s_{field}_bounds",
        violation_error_message=message,
    )


def one_of(field: str, values: list[str]) -> models.CheckConstraint:
    """One of the codes that the portal knows."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": values}), name=f"%(app_label)s_%(class)s_{field}_known"
    )


def calendar_day(field: str) -> models.CheckConstraint:
    """PostgreSQL has days that Python has not, `infinity` among them."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__gte": EARLIEST, f"{field}__lte": LATEST}),
        name=f"%(app_label)s_%(class)s_{field}_day",
        violation_error_message=_("The day lies between 1800 and 2199."),
    )


def calendar_period(field: str, message: Any) -> models.CheckConstraint:
    """A period that is unknown, or lasts at least one day of the calendar; either end may be open."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True})
        | (
            Q(**{f"{field}__isempty": False})
            & (Q(**{f"{field}__lower_inf": True}) | Q(**{f"{field}__startswith__gte": EARLIEST}))
            & (Q(**{f"{field}__upper_inf": True}) | Q(**{f"{field}__endswith__lte": _after(LATEST)}))
        ),
        name=f"%(app_label)s_%(class)s_{field}_days",
        violation_error_message=message,
    )


def _after(day: dt.date) -> dt.date:
    return day + DAY


def void_has_reason() -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(voided_at=None) | ~Q(void_reason=""),
        name="%(app_label)s_%(class)s_void_reason",
        violation_error_message=_("Say why it was entered in error."),
    )


def never_deleted() -> pgtrigger.Protect:
    """What money rests on stays on record; what was entered in error is declared void."""
    return pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)


class OnlyOnce(ExclusionConstraint):
    """Unique under a condition, and checked at the end of a statement, so that one UPDATE may let two rows exchange
    their values. PostgreSQL keeps this by a B-tree, which Django's own class does not offer; a partial unique index
    is checked row by row. Migrations name it."""

    def __init__(self, **options: Any):
        # A migration hands back what `deconstruct` wrote.
        options.pop("index_type", None)
        super().__init__(**options)
        self.index_type = "BTREE"
