"""All that is on record about some companies, and the one road from records to the facts that the points look at.

Pure frames: money is integer fen, an area 0.01 m², a rate 0.0001 %, a score 0.01 points. Ends are half-open; an end
that is null is open, a start that is null is unknown. A frame without rows says that nothing is on record: the answer
is then *no*, whereas a null inside a row is something that nobody has told us.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from functools import partial
from typing import NamedTuple

import polars as pl

from subsidies.rules.borrowing import balances, first_loan
from subsidies.rules.costs import activity_facts, setup_facts, voucher_facts
from subsidies.rules.errors import BadFacts
from subsidies.rules.grants import grant_facts
from subsidies.rules.interest import interest_lines, support_of_month
from subsidies.rules.parameters import ParameterSet, Timeline
from subsidies.rules.projects import angel_facts, leading_facts
from subsidies.rules.rent import relief_of_month
from subsidies.rules.settling import first_settled
from subsidies.rules.sizes import size_facts
from subsidies.rules.standing import standing
from subsidies.rules.talents import talent_facts
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
    # Every desk membership that a company ever had: it occupies premises as a lease does, and no rent is waived for it.
    "desks": {"company": INTEGER, "first_day": DAY, "until": DAY},
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
        "granted": BOOL,  # it, or the contract that it names, is in an active grant
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
    desks: pl.DataFrame = field(default_factory=partial(empty, "desks"))

    def __post_init__(self) -> None:
        key = self.companies.schema.get("company", INTEGER)
        for part in fields(self):
            frame: pl.DataFrame = getattr(self, part.name)
            _refuse_bad_columns(part.name, frame, key)
            if frame.is_empty() and frame.schema.get("company", key) != key:
                object.__setattr__(self, part.name, frame.cast({"company": key}))
        if self.companies["company"].is_duplicated().any():
            raise BadFacts("a company stands twice among the companies")

    @property
    def premises(self) -> pl.DataFrame:
        """What companies occupy, by lease or desk alike: company, first_day, until."""
        terms = ("company", "first_day", "until")
        return pl.concat([self.leases.select(terms), self.desks.select(terms)])

    def of(self, companies: Iterable[object]) -> "Records":
        """What is on record about these companies alone."""
        wanted = pl.Series("company", list(companies), dtype=self.companies.schema["company"])
        own = {
            part.name: getattr(self, part.name).filter(pl.col("company").is_in(wanted.implode()))
            for part in fields(self)
            if part.name != "repayments"
        }
        return Records(**own, repayments=self.repayments.join(own["loans"].select("loan"), on="loan", how="semi"))


def _refuse_bad_columns(name: str, frame: pl.DataFrame, key: pl.DataType) -> None:
    for column, dtype in SCHEMAS[name].items():
        found = frame.schema.get(column)
        wanted = dtype if column != "company" else found if frame.is_empty() else key
        if found is None or found != wanted:
            raise BadFacts(f"{name}: {column} is {found}, not {wanted}")


def facts_of(records: Records, timeline: Timeline, on: date, names: Collection[str] | None = None) -> pl.DataFrame:
    """Every held fact of the companies on record, ready for `decide`: one row for each, in their order.

    What happens after the day `on` does not count, except what is agreed already: leases, desks and loans that run on.
    Facts over many items (talents, projects, costs) are counted with the version in force on that day. Where `names`
    are given, facts that cost time and are not among them may be left out. Raises the errors of the rules for what
    cannot be reckoned with, BadTimeline where no version was ever published.
    """
    known = Known.of(records, timeline, on)
    wanted = [source for source in SOURCES if names is None or any(name.startswith(source.starts) for name in names)]
    whole = records.companies.rename({"registered_from": "registered_on", "registered_until": "deregistered_on"})
    stands = standing(records.leases, records.premises, records.companies, on)
    frames = (stands, known.settled, *map(known.found, wanted), known.granted)
    # Every frame has a row for each company, in the same order.
    return pl.concat([whole, *(frame.drop("company") for frame in frames)], how="horizontal")


@dataclass(frozen=True)
class Known:
    """What the sources of facts have in common."""

    records: Records
    timeline: Timeline
    on: date
    version: ParameterSet
    settled: pl.DataFrame
    granted: pl.DataFrame

    @classmethod
    def of(cls, records: Records, timeline: Timeline, on: date) -> "Known":
        settled = first_settled(records.premises, records.companies, timeline.starts_on)
        granted = grant_facts(records.grants, records.companies, on)
        return cls(records, timeline, on, timeline.deciding(on), settled, granted)

    def found(self, source: "Source") -> pl.DataFrame:
        """What a source says of each company. Where nothing is on record, it says the same of all, always."""
        if getattr(self.records, source.frame).height:
            return source.make(self)
        if source not in _OF_NOTHING:
            anybody = pl.DataFrame([{"company": 0}], schema=SCHEMAS["companies"])
            _OF_NOTHING[source] = source.make(Known.of(Records(anybody), self.timeline, self.on)).drop("company")
        return self.records.companies.select("company").join(_OF_NOTHING[source], how="cross", maintain_order="left")


class Source(NamedTuple):
    """Where some facts come from: those whose names start with one of `starts`, from the frame `frame`."""

    starts: tuple[str, ...]
    frame: str
    make: Callable[[Known], pl.DataFrame]


_OF_NOTHING: dict[Source, pl.DataFrame] = {}


def _relief(known: Known) -> pl.DataFrame:
    month, _ = month_of(known.on)
    companies = known.records.companies.hstack(known.settled.drop("company"))
    return relief_of_month(known.records.leases, companies, month, known.timeline)


def _setup(known: Known) -> pl.DataFrame:
    moved = moving_in(known.records, known.settled, known.granted)
    months = known.version["settlement.months"]
    return setup_facts(known.records.expenses, known.records.companies, moved, months, known.on)


def _talents(known: Known) -> pl.DataFrame:
    months = known.version["talent.employment_months"]
    return talent_facts(known.records.talents, known.records.companies, months, known.on)


def _leading(known: Known) -> pl.DataFrame:
    scores = (known.version["leading_project.score"], known.version["leading_project.top_score"])
    return leading_facts(known.records.projects, known.records.companies, *scores)


def _angel(known: Known) -> pl.DataFrame:
    terms = (known.version["angel_fund.score"], known.version["angel_fund.project_cap"])
    return angel_facts(known.records.projects, known.records.companies, *terms)


def _borrowing(known: Known) -> pl.DataFrame:
    """company, loan_balance, first_loan_on, ever_borrowed."""
    records = known.records
    opened = first_loan(records.loans, records.companies, known.timeline.starts_on)
    owed = balances(records.loans, records.repayments, records.companies, known.on)
    return pl.concat([owed, opened.drop("company")], how="horizontal")


def _interest(known: Known) -> pl.DataFrame:
    """company, interest_support_of_month, reference_rates."""
    records, month = known.records, known.on.replace(day=1)
    opened = first_loan(records.loans, records.companies, known.timeline.starts_on)
    companies = records.companies.hstack([opened["first_loan_on"]])
    lines = interest_lines(records.loans, records.repayments, records.premises, companies, month, known.timeline)
    return support_of_month(lines, companies)


def _vouchers(known: Known) -> pl.DataFrame:
    return voucher_facts(known.records.expenses, known.records.companies, known.on)


def _size(known: Known) -> pl.DataFrame:
    return size_facts(known.records.reports, known.records.companies, known.on)


def _activities(known: Known) -> pl.DataFrame:
    return activity_facts(known.records.expenses, known.records.companies, known.on)


SOURCES = (
    Source(("relief_of_month",), "leases", _relief),
    Source(("setup_costs",), "expenses", _setup),
    Source(("talents",), "talents", _talents),
    Source(("leading_",), "projects", _leading),
    Source(("angel_",), "projects", _angel),
    Source(("loan_balance", "ever_borrowed", "first_loan_on"), "loans", _borrowing),
    Source(("interest_support", "reference_rates"), "loans", _interest),
    Source(("voucher_", "model_costs", "compute_"), "expenses", _vouchers),
    Source(("small_company",), "reports", _size),
    Source(("activity_",), "expenses", _activities),
)


def moving_in(records: Records, settled: pl.DataFrame, granted: pl.DataFrame) -> pl.DataFrame:
    """What `costs.setup_items` has to know of each company: `settled` is of `first_settled`, `granted` of
    `grant_facts`."""
    unknown = pl.col("operating_from").is_null() & pl.col("company").is_in(records.premises["company"].implode())
    return records.companies.select("company", unknown.alias("may_have_moved_in")).hstack(
        [settled["moved_in_on"], granted["setup_costs_granted"]]
    )
