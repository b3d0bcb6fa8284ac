"""The certificate as a paper: everything in words; the template only sets it."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import typesetting
from core.markup import money, plain_name
from subsidies.certificates.parts import Certificate, CriterionSeen, Number
from subsidies.choices import Provenance

TEMPLATE = Path(__file__).parent / "certificate.typ"
RESULTS = {True: "met", False: "unmet", None: "unknown"}


def pdf(found: Certificate, *, at: dt.datetime) -> bytes:
    """The certificate as it stands at the moment `at`, which is printed. The same moment gives the same bytes."""
    return typesetting.pdf(TEMPLATE, _data(found, at), at=at)


def image(found: Certificate, *, at: dt.datetime) -> list[bytes]:
    """Its pages as PNG, to look at."""
    return typesetting.image(TEMPLATE, _data(found, at))


def _data(found: Certificate, at: dt.datetime) -> dict[str, Any]:
    title, public = _("Certificate of a decision"), f"{settings.BASE_URL}{reverse('subsidies:check_form')}"
    return {
        "language": found.language,
        "words": _words(),
        "paper": {
            "name": f"{title} {found.check_code}",
            "label": _("Check code"),
            "number": found.check_code,
            "note": f"{_('Check it at')}: {public}",
        },
        "title": title,
        "names": _names(found),
        "outcome": found.outcome_label,
        "amount": "" if found.amount is None else money(found.amount),
        "period": found.period,
        "summary": _summary(found, at),
        "clauses": [[clause.name, clause.text] for clause in _clauses(found)],
        "criteria": [_criterion(criterion, found) for criterion in found.criteria],
        "facts": [[fact.label, fact.shown] for fact in found.facts],
        "steps": [[step.label, step.shown, _numbers(step.parameters)] for step in found.steps],
        "missing": [[fact.label, fact.supplier] for fact in found.missing],
        "matches": found.matches,
        "seals": [
            [_("Seal of the decision before"), found.seal.previous or _("none: this is the first")],
            [_("Seal of this decision"), found.seal.value],
            [_("Digest of the version"), found.version.digest],
        ],
        "address": found.address,
        "check": found.check_address,
        "qr": typesetting.qr_code(found.check_address),
    }


def _names(found: Certificate) -> list[str]:
    """In both scripts, the reader's first."""
    first = plain_name(found.company)
    return list(dict.fromkeys(name for name in (first, found.company.name, found.company.name_zh) if name))


def _words() -> dict[str, str]:
    return {
        "portal": _("Zone portal"),
        "clauses": _("What the policy says"),
        "criteria": _("Criteria"),
        "criterion": _("Criterion"),
        "seen": _("What was seen"),
        "wanted": _("What is asked for"),
        "result": _("Result"),
        "met": _("met"),
        "unmet": _("not met"),
        "unknown": _("not known"),
        "facts": _("Facts that were seen"),
        "fact": _("Fact"),
        "value": _("Value"),
        "steps": _("How the amount comes about"),
        "step": _("Step"),
        "missing": _("What is missing, and who can tell"),
        "supplier": _("Who can tell"),
        "none": _("Nothing is missing."),
        "no_amount": _("No amount: the outcome grants none, or it is not known yet."),
        "seal": _("Seal"),
        "sealed": _(
            "The seal is the BLAKE2b-256 digest of the seal before and of all that was decided, as the JSON of this"
            " certificate shows it. Whoever changes a decision changes every seal after it."
        ),
        "broken": _(
            "The portal's record does not match its seal, or the rules do not find the same any more. Ask the zone."
        ),
        "check": _("Check it at"),
        "qr": _("QR code with the address of the check"),
        "scan": _("Check this certificate"),
        "address": _("For the company and the zone"),
        "page": pgettext("of a document", "Page"),
    }  # fmt: skip


def _summary(found: Certificate, at: dt.datetime) -> list[list[str]]:
    version = _("%(policy)s %(version)s, in force from %(day)s") % {
        "policy": found.version.policy, "version": found.version.name, "day": found.version.effective_from,
    }  # fmt: skip
    return [
        [_("Company code"), found.company.code],
        [_("Point of the policy"), found.point.name],
        [_("Decided for"), found.decided_for.isoformat()],
        [_("Decided at"), _moment(found.decided_at)],
        [_("Version of the policy"), version],
        [_("Standing"), _standing(found, at)],
    ]


def _standing(found: Certificate, at: dt.datetime) -> str:
    if found.standing.superseded_at is None:
        return _("in force when this was printed, %(at)s") % {"at": _moment(at)}
    since = {"at": _moment(found.standing.superseded_at), "by": found.standing.superseded_by or "–"}
    return _("superseded at %(at)s by %(by)s") % since


def _moment(at: dt.datetime) -> str:
    return timezone.localtime(at).isoformat(sep=" ", timespec="seconds")


def _clauses(found: Certificate) -> list[Any]:
    """The point's own first, each once."""
    others = [clause for clause in found.clauses if clause.code != found.point.code]
    return [found.point, *others]


def _criterion(criterion: CriterionSeen, found: Certificate) -> dict[str, Any]:
    names = {clause.code: clause.name for clause in found.clauses}
    return {
        "label": criterion.label,
        "depth": criterion.depth,
        "seen": criterion.seen,
        "wanted": criterion.wanted,
        "result": RESULTS[criterion.result],
        "clause": names[criterion.clause] if criterion.clause not in ("", found.point.code) else "",
        "numbers": _numbers(criterion.parameters),
    }


def _numbers(numbers: tuple[Number, ...]) -> list[str]:
    return [f"{number.value} ({Provenance(number.provenance).label})" for number in numbers]
