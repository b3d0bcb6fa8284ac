"""All that is on record about some companies, and the one road from records to the facts that the points look at.

Pure frames: money is integer fen, an area 0.01 m², a rate 0.0001 %, a score 0.01 points. Ends are half-open; an end
that is null is open, a start that is null is unknown. A frame without rows says that nothing is on record: the answer
is then *no*, whereas a null inside a row is something that nobody has told us.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from functools import partial

import polars as pl

from subsidies.rules.errors import BadFacts
from subsidies.rules.parameters import Timeline
from subsidies.rules.rent import relief_of_month
from subsidies.rules.settling import first_settled
from subsidies.rules.standing import standing
from subsidies.rules.windows import month_of

BOOL, DAY, TEXT, INTEGER = pl.Boolean(), pl.Date(), pl.String(), pl.Int64()

SCHEMAS: dict[str, dict[str, pl.DataType]] = {
    "companies": {
        "company": INTEGER,
        "kind": TEXT,
        "registered_from": DAY,
        "registered_until": DAY,
        "operating_from": DAY,
        "operating_until": DAY,
        "founded_on": DAY,
        "listed": BOOL,
        "bad_credit": BOOL,
    },
    # Every lease that a company ever had: the window opens on the first settled day.
    "leases": {
        "company": INTEGER,
        "lease": TEXT,
        "area": INTEGER,
        "price": INTEGER,  # 0.0001 yuan per m² and day
        "first_day": DAY,
        "until": DAY,
    },
    # Every loan that a company ever had, paid back or not.
    "loans": {
        "company": INTEGER,
        "loan": TEXT,
        "principal": INTEGER,
        "rate": INTEGER,
        "drawn_on": DAY,
        "due_on": DAY,  # not a day of interest itself; null = open
    },
    "repayments": {"loan": TEXT, "paid_on": DAY, "amount": INTEGER},
    "talents": {
        "company": INTEGER,
        "talent": TEXT,
        "grade": TEXT,  # a to e; null = not graded yet
        "employed_from": DAY,
        "employed_until": DAY,
        "awarded": BOOL,  # an active grant holds the person, in whichever company
    },
    "projects": {
        "company": INTEGER,
        "project": TEXT,
        "kind": TEXT,  # leading or angel
        "score": INTEGER,  # null = not scored yet
        "requested": INTEGER,
        "awarded": BOOL,  # an active grant holds it
    },
    "expenses": {
        "company": INTEGER,
        "expense": TEXT,
        "point": TEXT,
        "kind": TEXT,  # model, compute or compute_other; null for a point other than ai_vouchers
        "contract": TEXT,
        "amount": INTEGER,
        "paid_on": DAY,
        "admitted": BOOL,  # the supplier, on the day of payment; null = no supplier is named
        "related": BOOL,  # the supplier is a related party on that day; null = no supplier is named
        "granted": BOOL,  # it, or its contract with that supplier, is in an active grant
    },
    # Verified ones only.
    "reports": {"company": INTEGER, "period_end": DAY, "months": INTEGER, "revenue": INTEGER, "employees": INTEGER},
    # Active ones only. `part`: model or compute; null where a point is granted as a whole.
    "grants": {"company": INTEGER, "point": TEXT, "part": TEXT, "granted_on": DAY, "amount": INTEGER},
}


def empty(name: str) -> pl.DataFrame:
    """The frame `name` with nothing on record."""
    return pl.DataFrame(schema=SCHEMAS[name])


@dataclass(frozen=True)
class Records:
    """Frames as SCHEMAS describes them; one that is not given is empty. Further columns are allowed and ignored.

    `company` may have any type, the same in all frames. Raises BadFacts for a frame of another shape.
    """

    companies: pl.DataFrame
    leases: pl.DataFrame = field(default_factory=partial(empty, "leases"))
    loans: pl.DataFrame = field(default_factory=partial(empty, "loans"))
    repayments: pl.DataFrame = field(default_factory=partial(empty, "repayments"))
    talents: pl.DataFrame = field(default_factory=partial(empty, "talents"))
    projects: pl.DataFrame = field(default_factory=partial(empty, "projects"))
    expenses: pl.DataFrame = field(default_factory=partial(empty, "expenses"))
    reports: pl.DataFrame = field(default_factory=partial(empty, "reports"))
    grants: pl.DataFrame = field(default_factory=partial(empty, "grants"))

    def __post_init__(self) -> None:
        key = self.companies.schema.get("company")
        for part in fields(self):
            frame: pl.DataFrame = getattr(self, part.name)
            _refuse_bad_columns(part.name, frame, key)
            if frame.is_empty() and frame.schema.get("company", key) != key:
                object.__setattr__(self, part.name, frame.cast({"company": key}))
        if self.companies["company"].is_duplicated().any():
            raise BadFacts("a company stands twice among the companies")

    def of(self, companies: Iterable[object]) -> "Records":
        """What is on record about these companies alone."""
        wanted = pl.Series("company", list(companies), dtype=self.companies.schema["company"])
        own = {
            part.name: getattr(self, part.name).filter(pl.col("company").is_in(wanted.implode()))
            for part in fields(self)
            if part.name != "repayments"
        }
        return Records(**own, repayments=self.repayments.join(own["loans"].select("loan"), on="loan", how="semi"))


def _refuse_bad_columns(name: str, frame: pl.DataFrame, key: pl.DataType | None) -> None:
    for column, dtype in SCHEMAS[name].items():
        found = frame.schema.get(column)
        wanted = dtype if column != "company" else found if frame.is_empty() else key
        if found is None or found != wanted:
            raise BadFacts(f"{name}: {column} is {found}, not {wanted}")


def facts_of(records: Records, timeline: Timeline, on: date) -> pl.DataFrame:
    """Every held fact of the companies on record, ready for `decide`: one row for each, in their order.

    What happens after the day `on` does not count. Raises the errors of the rules for what cannot be reckoned with.
    """
    companies, leases = records.companies, records.leases
    settled = first_settled(leases, companies, timeline.starts_on)
    month, _ = month_of(on)
    relief = relief_of_month(leases, companies.join(settled, on="company", maintain_order="left"), month, timeline)
    whole = companies.rename({"registered_from": "registered_on", "registered_until": "deregistered_on"})
    for frame in (standing(leases, companies, on), settled, relief):
        whole = whole.join(frame, on="company", how="left", maintain_order="left")
    return whole
