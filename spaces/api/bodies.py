"""What bodies name: units and companies by their codes, exactly. What is not there and what a key does not see are told
alike."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core.api.problems import Missing
from spaces.models import Unit


def missing(field: str, message: str) -> Missing:
    """What a field names is not there."""
    return Missing(message, fields={field: [message]})


def refuse_missing_units(codes: Iterable[str | None]) -> None:
    """Missing where one of the codes is no unit's."""
    named = {code for code in codes if code}
    known = set(Unit.objects.filter(code__in=named).values_list("code", flat=True))
    if unknown := sorted(named - known):
        raise missing("unit", _("No unit has the code %(code)s.") % {"code": unknown[0]})


def seen_company(code: str, by: User) -> Company:
    """The company of a code. Missing where there is none that the person sees."""
    company: Company | None = Company.objects.visible_to(by).filter(code=code).first()
    if company is None:
        raise missing("company", _("No company has this code."))
    return company
