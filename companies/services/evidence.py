"""Acts on the evidence of a report: attach a file, take one back. Told in the outbox as `report.evidence`."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies import permissions
from companies.models import Evidence, Report
from companies.reporting.files import KINDS, kind_of, name_for
from core import outbox, records
from core.errors import Conflict, Incomplete, NotAllowed

MOST_FILES = 20


@transaction.atomic
def attach(*, report: Report, name: str, content: bytes, by: User) -> Evidence:
    """Attach a file to a report: who may change the report may attach to it. Incomplete for a file of another kind
    than KINDS, by its content, and for one that is too large; Conflict for the same once more, or one too many."""
    held = records.hold(report)
    if not permissions.can_change_report(by, held):
        raise NotAllowed(_("Who may change a report may attach files to it: once it is verified only officers do."))
    kind = kind_of(content)
    if kind is None:
        names = ", ".join(kind.label for kind in KINDS)
        message = _("This file is none of: %(kinds)s. Files with macros are not taken.") % {"kinds": names}
        raise Incomplete(message, fields={"file": [message]})
    if held.evidence.valid().count() >= MOST_FILES:
        raise Conflict(_("A report has at most %(most)d files.") % {"most": MOST_FILES}, code="too_many_files")
    made = Evidence(
        report=held, name=name_for(name, kind), media_type=kind.media_type, size=len(content),
        digest=hashlib.sha256(content).hexdigest(), content=content, by=by,
    )  # fmt: skip
    return _told(records.save(made))


@transaction.atomic
def take_back(*, evidence: Evidence, reason: str, by: User) -> Evidence:
    """It was attached in error: it proves nothing any more, and only staff see it, with the reason."""
    report = records.hold(evidence.report)
    if not permissions.can_change_report(by, report):
        raise NotAllowed(_("Who may change a report may take its files back: once it is verified only officers do."))
    return _told(records.declare_void(records.hold(evidence), reason))


def _told(evidence: Evidence) -> Evidence:
    report = evidence.report
    outbox.record("report.evidence", str(report), {"company": report.company.code})
    return evidence
