"""Acts on who is invited to a booking, and the mails that tell them.

Who has to be told what is found by state (`Attendee.objects.to_tell`); a mail is claimed under the row's lock in the
transaction that sends it: safe to run twice, at once and after a kill.
"""

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from core import ical, outbox, records
from core.errors import Conflict
from spaces.choices import HOLDING
from spaces.feeds import event_of
from spaces.models import Attendee, Booking
from spaces.models.feeds import WITHDRAWN
from spaces.refusals import bookings as refusals
from spaces.services import bookings

MOST = 50
"""The portal must not become a way to mail strangers without end."""


@transaction.atomic
def invite(*, booking: Booking, email: str, by: User) -> Attendee:
    """Invite somebody to a booking that is still to come; a mail follows after the commit."""
    bookings.refuse_to_change(by, booking)
    held = bookings.hold_booking(booking)
    email = email.strip().lower()
    if held.attendees.filter(is_invited=True).count() >= MOST:
        raise Conflict(_("There are %(most)d people invited already.") % {"most": MOST}, code="too_many")
    attendee = held.attendees.filter(email=email, is_invited=False).first() or Attendee(booking=held, email=email)
    attendee.is_invited, attendee.told_sequence = True, None
    attendee.language = get_language() or settings.LANGUAGE_CODE
    records.save(attendee)
    outbox.record("booking.invited", held.code)
    return attendee


@transaction.atomic
def uninvite(*, attendee: Attendee, by: User) -> None:
    """Somebody is not expected any more; who was told is told so."""
    bookings.refuse_to_change(by, attendee.booking)
    Attendee.objects.filter(pk=attendee.pk).update(is_invited=False)
    outbox.record("booking.invited", attendee.booking.code)


def mail(attendee_id: int, *, now: dt.datetime) -> bool:
    """Tell somebody what he does not know yet; True when this call did."""
    with transaction.atomic():
        found = Attendee.objects.to_tell().filter(pk=attendee_id).select_for_update(of=("self",), no_key=True)
        attendee = found.select_related("booking__room__campus", "booking__company", "booking__booked_by").first()
        if attendee is None:
            return False
        is_expected = attendee.is_invited and attendee.booking.state in HOLDING
        attendee.told_sequence = attendee.booking.sequence if is_expected else WITHDRAWN
        attendee.save(update_fields=["told_sequence"])
        _message(attendee, is_expected, now).send()
    return True


def _message(attendee: Attendee, is_expected: bool, now: dt.datetime) -> EmailMessage:
    booking = attendee.booking
    method = "REQUEST" if is_expected else "CANCEL"
    event = event_of(booking, attendees=[ical.Person(attendee.email)], is_cancelled=not is_expected)
    words = {"booking": booking, "time": refusals.written(booking.slot), "is_expected": is_expected}
    with translation.override(attendee.language or settings.LANGUAGE_CODE):
        subject = (_("Invitation: %(title)s") if is_expected else _("Cancelled: %(title)s")) % {"title": booking.title}
        body = render_to_string("spaces/mail/invitation.txt", words)
    message = EmailMessage(subject=subject, body=body, to=[attendee.email])
    content = ical.calendar([event], now=now, method=method)
    message.attach("invitation.ics", content, f"text/calendar; method={method}")
    return message
