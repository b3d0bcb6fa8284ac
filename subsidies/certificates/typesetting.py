"""The certificate as PDF/A, tagged for screen readers, in the language that is active. Typst sets it.

The template takes its data as JSON and evaluates none of it; it can read no file but those of its own folder. What it
sets is bounded by the rules (a few dozen criteria, facts and steps, names of bounded length) and takes some 50 ms, so
it is made while the reader waits.
"""

import datetime as dt
import functools
import io
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.markup import NARROW_SPACE, money, plain_name
from subsidies.certificates.parts import Certificate, CriterionSeen, Number
from subsidies.choices import Provenance

TEMPLATE = Path(__file__).parent / "certificate.typ"
STANDARDS: list[Any] = ["a-2a", "ua-1"]
SPACE = "\N{NO-BREAK SPACE}"  # for the narrow one, which the typeface lacks
RESULTS = {True: "met", False: "unmet", None: "unknown"}


def pdf(found: Certificate, *, at: dt.datetime) -> bytes:
    """The certificate as it stands at the moment `at`, which is printed. The same moment gives the same bytes."""
    made = at.astimezone(dt.UTC).replace(microsecond=0)
    return _compiled(found, at, format="pdf", pdf_standards=STANDARDS, timestamp=made)


def image(found: Certificate, *, at: dt.datetime) -> list[bytes]:
    """Its pages as PNG, to look at."""
    pages = _compiled(found, at, format="png")
    return pages if isinstance(pages, list) else [pages]


def _compiled(found: Certificate, at: dt.datetime, **options: Any) -> Any:
    data = json.dumps(_data(found, at), ensure_ascii=False).replace(NARROW_SPACE, SPACE)
    return typst.compile(TEMPLATE, root=TEMPLATE.parent, font_paths=_fonts(), sys_inputs={"data": data}, **options)


@functools.cache
def _fonts() -> typst.Fonts:
    """One family for all scripts, out of its wheel, and none of the machine: the same paper everywhere."""
    found = find_spec("noto_cjk_sans_otc")
    if found is None or found.origin is None:
        raise RuntimeError("the package noto-cjk-sans-otc is not installed: install the portal's requirements again")
    folder = Path(found.origin).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _data(found: Certificate, at: dt.datetime) -> dict[str, Any]:
    """Everything in words; the template only sets it."""
    return {
        "language": found.language,
        "words": _words(),
        "title": _("Certificate of a decision"),
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
        "code": found.check_code,
        "address": found.address,
        "check": found.check_address,
        "public": f"{settings.BASE_URL}{reverse('subsidies:check_form')}",
        "qr": _qr(found.check_address),
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
        "code": _("Check code"),
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


def _qr(address: str) -> str:
    """As SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()
