"""Acts on cohorts: enter one, change or void it, put companies in and take them out."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from community.models import Cohort, CohortMember
from community.permissions import can_keep_support, refuse_stranger
from companies.models import Company
from core import outbox, records
from core.errors import Conflict


@transaction.atomic
def enter_cohort(*, values: Mapping[str, Any], by: User) -> Cohort:
    """A cohort; `values` are its fields. Whoever came between its days, if it has any, is in it at once."""
    refuse_stranger(can_keep_support(by))
    return _told(records.save(Cohort(**values)))


@transaction.atomic
def change_cohort(*, cohort: Cohort, values: Mapping[str, Any], by: User) -> Cohort:
    """Other words or days; the code stays."""
    refuse_stranger(can_keep_support(by))
    held = records.hold(cohort)
    for name, value in values.items():
        setattr(held, name, value)
    return _told(records.save(held))


@transaction.atomic
def void_cohort(*, cohort: Cohort, reason: str, by: User) -> Cohort:
    """It was entered in error: nothing is compared by it any more."""
    refuse_stranger(can_keep_support(by))
    return _told(records.declare_void(records.hold(cohort), reason))


@transaction.atomic
def add_member(*, cohort: Cohort, company: Company, by: User) -> CohortMember:
    """The company is in the cohort, whenever it came."""
    refuse_stranger(can_keep_support(by))
    made = records.save(CohortMember(cohort=records.hold(cohort), company=company, added_by=by))
    _told(cohort)
    return made


@transaction.atomic
def remove_member(*, cohort: Cohort, company: Company, by: User) -> None:
    """Conflict for a company that is in it by its day of arrival, or not at all."""
    refuse_stranger(can_keep_support(by))
    gone, _each = CohortMember.objects.filter(cohort=records.hold(cohort), company=company).delete()
    if not gone:
        message = _("%(company)s was not put into this cohort by hand: change the days of the cohort instead.")
        raise Conflict(message % {"company": company.name}, code="not_by_hand")
    _told(cohort)


def _told(cohort: Cohort) -> Cohort:
    outbox.record("cohort.changed", cohort.code)
    return cohort
