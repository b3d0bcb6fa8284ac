"""The words by which a company's people and the officers are reminded of a lease that ends."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.notices import Message
from spaces.notices import words

TO_COMPANY = "lease_ends"
TO_OFFICERS = "lease_ends_for_zone"


def _in_words(context: Mapping[str, Any]) -> dict[str, Any]:
    step = int(context["step"])
    time = ngettext("in %(days)d day", "in %(days)d days", step) % {"days": step} if step else _("today")
    return {**words(context), "time": time}


MESSAGES = (
    Message(
        TO_COMPANY,
        gettext_lazy("%(company)s: the lease of unit %(unit)s ends on %(day)s"),
        gettext_lazy("Lease %(lease)s ends %(time)s, and nothing follows it yet. To stay, ask the zone for a renewal."),
        icon="file-text",
        words=_in_words,
    ),
    Message(
        TO_OFFICERS,
        gettext_lazy("%(company)s: the lease of unit %(unit)s ends on %(day)s"),
        gettext_lazy("Lease %(lease)s ends %(time)s, and no renewal is offered or signed."),
        icon="file-text",
        words=_in_words,
    ),
)
