"""Acts on the named contact of a company."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from community.models import Contact
from community.permissions import can_keep_support, refuse_stranger
from companies.models import Company
from core import outbox, records
from core.errors import Conflict, Incomplete
from core.periods import DAY, Day, period


@transaction.atomic
def name_contact(*, company: Company, person: User, since: Day, by: User, on: Day) -> Contact:
    """One of the staff is the company's contact from the day on; who was it before is so up to the day before.
    NotAllowed but for officers; Incomplete for somebody who is not of the staff, and for a day before the present one
    where there was another contact; Conflict where he is it already, or another begins on the day or later."""
    refuse_stranger(can_keep_support(by))
    if not person.is_active or not person.is_staff_member:
        message = _("The contact is one of the zone's staff.")
        raise Incomplete(message, fields={"person": [message]})
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    known = Contact.objects.filter(company=company)
    now = known.filter(period__contains=since).first()
    if now is not None and now.person_id == person.pk and now.until is None:
        raise Conflict(_("%(person)s is the contact already.") % {"person": person}, code="contact_already")
    if since < on and known.exists():
        message = _("Who was the contact stays on record: let the next one begin on %(on)s or later.") % {"on": on}
        raise Incomplete(message, fields={"since": [message]})
    _make_way(company, since)
    made = records.save(Contact(company=company, person=person, period=period(since, None), assigned_by=by))
    outbox.record("contact.changed", company.code, {"company": company.code})
    return made


def _make_way(company: Company, since: Day) -> None:
    """Who is the contact on the day is so up to the day before. Conflict where another begins on the day or later."""
    still = Q(period__upper_inf=True) | Q(period__endswith__gt=since)
    for row in Contact.objects.filter(still, company=company):
        first = row.since
        if first is not None and first >= since:
            message = _("Another contact begins on %(since)s: let this one begin after that day.") % {"since": first}
            raise Conflict(message, code="contact_already", fields={"since": [message]})
        row.period = period(first, since - DAY)
        row.save(update_fields=["period"])
