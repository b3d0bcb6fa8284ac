"""How the companies of the demo zone report: the rules, the usual questions, and two quarters of those that grow.

Some reports jump and say why, some have evidence, some wait for an officer, and some are not there. The founders' own
newest report is left to whoever tries the portal out.
"""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

from accounts.models import User
from companies.models import Report, ReportDuty
from companies.reporting.calendar import ended
from companies.reporting.jumps import previous_report
from companies.services import evidence, questions, reports, schedule
from core.money import round_half_up
from core.periods import Day
from zone_portal.demo import accounts
from zone_portal.demo.zone import SEED, Zone

ABSENT, JUMPS, PROVED, WAITS = 5, 8, 3, 2  # every so many of the reports of a quarter
RULES: tuple[Mapping[str, Any], ...] = (
    {"place": 10, "kind": "anchor", "months": None, "days": 1},
    {"place": 20, "kind": "team", "months": None, "days": 1},
    {"place": 30, "stage": "unicorn", "months": 3, "days": 45},
    {"place": 40, "stage": "growing", "months": 3, "days": 45},
    {"place": 90, "months": 12, "days": 120},
)
BEGINNING = {"revenue": Decimal(3_000_000), "profit": Decimal(200_000), "rd_spend": Decimal(600_000)}  # of a quarter
WHY = "公共部门的大额订单在本季度一次性付清，合同已附。A public order was paid in this quarter as a whole."


def report_all(zone: Zone, *, officer: User) -> None:
    """Set the rules from the last quarter but one on, and have most of the companies report."""
    newest, first = ended(zone.today, 2)
    for rule in RULES:
        schedule.set_rule(**rule, first=first, by=officer)
    schedule.write_duties(on=zone.today)
    questions.add_usual(by=officer)
    chance = Random(f"{SEED}: reporting")
    own = {zone.of_story(person.story)[0].code for person in accounts.FOUNDERS}
    for end in (first, newest):
        _report_quarter(end, own if end == newest else set(), chance, officer, verifies_all=end == first)


def _report_quarter(end: Day, own: set[str], chance: Random, officer: User, *, verifies_all: bool) -> None:
    owed = ReportDuty.objects.open().filter(period_end=end).exclude(company__code__in=own)
    for number, duty in enumerate(owed.select_related("company").order_by("company__code"), 1):
        if number % ABSENT == 0:
            continue
        report = _reported(duty, number % JUMPS == 0, chance, officer)
        if number % PROVED == 0:
            evidence.attach(report=report, name=f"audit-{end}.pdf", content=_pdf(f"{report}"), by=officer)
        if verifies_all or number % WAITS:
            reports.verify_report(report=report, by=officer)


def _reported(duty: ReportDuty, is_jump: bool, chance: Random, officer: User) -> Report:
    """A report like the last one, or with twice its amounts and more."""
    last = previous_report(duty.company, duty.period_end)
    figures: dict[str, Any] = {}
    for name, amount in BEGINNING.items():
        known = getattr(last, name) if last else None
        share = chance.randint(240, 320) if is_jump else chance.randint(92, 128)
        figures[name] = round_half_up((known * duty.months / last.months if known and last else amount) * share / 100)
    people = last.employees if last and last.employees else 80
    answers = {
        "jobs_created": chance.randint(0, 8), "products": chance.randint(1, 4), "works": chance.randint(0, 9),
        "patents": chance.randint(0, 9), "funding": Decimal(2_000_000) if is_jump else None,
    }  # fmt: skip
    return reports.enter_report(
        company=duty.company, period_end=duty.period_end, months=duty.months, **figures, product_in_use=True,
        employees=people + chance.randint(-1, 6), answers=answers, jump_reason=WHY if is_jump else "", by=officer,
    )  # fmt: skip


def _pdf(words: str) -> bytes:
    """A page with one line, in plain letters."""
    drawn = f"BT /F 18 Tf 72 720 Td (Audited figures {words}) Tj ET".encode()
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 5 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>",
    )
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table) + end
