"""What the people of an application and the zone's officers are told, in the portal and by mail.

The words; `accounts.notices` does the telling.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.notices import Message
from companies.choices import ReportMonths
from core.markup import plain_name


@dataclass(frozen=True)
class _Named:
    name: str
    name_zh: str


def _local(context: Mapping[str, Any]) -> dict[str, Any]:
    """With the applicant's name in the reader's language."""
    return {**context, "name": plain_name(_Named(context["name"], context.get("name_zh", "")))}


def _report(context: Mapping[str, Any]) -> dict[str, Any]:
    """Of a report that is owed: the company, and the period in the reader's words."""
    named = _local(context)
    return {**named, "company": named["name"], "period": ReportMonths(context["months"]).label}


def _local_with_time(context: Mapping[str, Any]) -> dict[str, Any]:
    days = int(context["days"])
    return {**_local(context), "time": ngettext("%(days)d day", "%(days)d days", days) % {"days": days}}


REPORT_DUE_SOON, REPORT_DUE, REPORT_LATE = "report_due_soon", "report_due", "report_late"

MESSAGES = (
    Message(
        "application_submitted",
        _("Your application “%(name)s” was sent"),
        _("The zone will look at it and answer here and by mail."),
        icon="send",
        words=_local,
    ),
    Message(
        "application_resubmitted",
        _("Your application “%(name)s” was sent again"),
        _("The zone will look at the changes and answer here and by mail."),
        icon="send",
        words=_local,
    ),
    Message(
        "application_changes_requested",
        _("The zone asks for changes to your application “%(name)s”"),
        _("The zone writes: %(note)s"),
        icon="edit",
        words=_local,
    ),
    Message(
        "application_admitted",
        _("Welcome: “%(name)s” is admitted to the zone"),
        _("Your workspace is open. The company has the code %(code)s. It took %(time)s."),
        icon="circle-check",
        words=_local_with_time,
    ),
    Message(
        "application_declined",
        _("Your application “%(name)s” was declined"),
        _("The zone writes: %(note)s"),
        icon="circle-x",
        words=_local,
    ),
    Message(
        "application_withdrawn",
        _("The application “%(name)s” was withdrawn"),
        _("%(by)s withdrew it. You can apply again at any time."),
        icon="arrow-back-up",
        words=_local,
    ),
    # Of the reports that a company owes
    Message(
        REPORT_DUE_SOON,
        _("%(company)s: the report up to %(end)s is due on %(day)s"),
        _("The form (%(period)s) begins with what you reported last. Attach what proves the figures."),
        icon="clipboard-list",
        words=_report,
    ),
    Message(
        REPORT_DUE,
        _("%(company)s: the report up to %(end)s is due today"),
        _("The form (%(period)s) begins with what you reported last. Attach what proves the figures."),
        icon="clipboard-list",
        words=_report,
    ),
    Message(
        REPORT_LATE,
        _("%(company)s: the report up to %(end)s is late"),
        _("It (%(period)s) was due on %(day)s. Send it now, or tell the zone if you need not report."),
        icon="clipboard-list",
        words=_report,
    ),
    # To the officers
    Message(
        "application_arrived",
        _("New application: “%(name)s”"),
        _("%(by)s sent it. It waits for a decision of the zone."),
        icon="inbox",
        words=_local,
    ),
    Message(
        "application_returned",
        _("Application sent again: “%(name)s”"),
        _("%(by)s made the changes that the zone asked for. It waits for a decision of the zone."),
        icon="inbox",
        words=_local,
    ),
)
