"""How the register of the demo zone is kept: official data that were compared, and companies that stand in it twice."""

import datetime as dt

from accounts.models import User
from companies.choices import CheckOutcome, CompanyKind
from companies.models import Company
from companies.services import checks, likeness, register
from core import runs
from core.periods import DAY

SOURCE = "National Enterprise Credit Information Publicity System"
CHECKED = 60  # companies; some so long ago that they are due again
STEP = 11  # days between two checks
TOLD = {
    7: (CheckOutcome.CORRECTED, "The founding day was that of the branch office."),
    19: (CheckOutcome.DIFFERS, "法定代表人已变更，待企业确认。"),
    31: (CheckOutcome.NOT_FOUND, "Perhaps under its former name."),
}
DOUBLES = ("D-DOUBLE-1", "D-DOUBLE-2")


def keep(*, today: dt.date, officer: User) -> None:
    """Compare what is official of some companies, enter two of them a second time, and search for doubles."""
    known = list(Company.objects.current(today).exclude(kind=CompanyKind.TEAM).order_by("code")[:CHECKED])
    for place, company in enumerate(known):
        outcome, note = TOLD.get(place, (CheckOutcome.AGREES, ""))
        checks.record_check(
            company=company, checked_on=today - (place * STEP + 3) * DAY, source=SOURCE, outcome=outcome, note=note,
            by=officer, on=today,
        )  # fmt: skip
    for code, company in zip(DOUBLES, known[::20], strict=False):
        register.create_company(
            code=code, name=company.name.upper(), name_zh=company.name_zh, kind=company.kind,
            website=company.website, founded_on=company.founded_on, by=officer, on=today,
        )  # fmt: skip
    runs.execute(likeness.request_search())
