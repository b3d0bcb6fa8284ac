"""The facts that rules may look at: type, label, who can supply it, which app holds it, and whether it is held yet.

A fact is stable: it changes when something happens, never because a day passes. The day itself is an argument of the
run and part of no decision's facts. Money is integer fen, an area an integer of 0.01 m², a score an integer of 0.01
points. Null means that nobody has told us. A fact that is not `held` yet may be absent from a frame; it then counts as
null for every company.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl

from subsidies.rules.errors import BadFacts
from subsidies.rules.text import gettext_noop as _

MOST_FEN = 10**14  # a million million yuan: times 10,000 basis points it still fits into 64 bits
MOST_AREA = 10**14
MOST_COUNT = 10**5  # of each class of talents; times the largest award the sum still fits into 64 bits
HUNDRED_POINTS = 10_000


class Supplier(StrEnum):
    """Who can supply a fact that is missing."""

    FOUNDER = "founder"
    ZONE = "zone"
    PANEL = "panel"


@dataclass(frozen=True)
class Fact:
    """One thing known about a company. `rests_on`: where it is derived from other facts, those to ask for while it is
    unknown.
    """

    name: str
    dtype: pl.DataType
    label: str
    supplier: Supplier
    app: str
    held: bool = False
    most: int = 0
    unit: str = ""
    rests_on: tuple[str, ...] = ()


BOOL, DAY, TEXT, INTEGER = pl.Boolean(), pl.Date(), pl.String(), pl.Int64()
OPERATION = ("operating_from",)
FOUNDER, ZONE, PANEL = Supplier.FOUNDER, Supplier.ZONE, Supplier.PANEL


def _money(name: str, label: str, supplier: Supplier, app: str, rests_on: tuple[str, ...] = ()) -> Fact:
    return Fact(name, INTEGER, label, supplier, app, held=True, most=MOST_FEN, unit="CNY", rests_on=rests_on)


def _count(name: str, label: str, supplier: Supplier, app: str, rests_on: tuple[str, ...] = ()) -> Fact:
    return Fact(name, INTEGER, label, supplier, app, held=True, most=MOST_COUNT, rests_on=rests_on)


def _score(name: str, label: str) -> Fact:
    return Fact(name, INTEGER, label, PANEL, "funding", held=True, most=HUNDRED_POINTS, unit="score")


REGISTER = (
    Fact("kind", TEXT, _("Kind of company"), ZONE, "companies", held=True),
    Fact("registered_on", DAY, _("Registered in the zone on"), FOUNDER, "companies", held=True),
    Fact("deregistered_on", DAY, _("Registration in the zone ended on"), ZONE, "companies", held=True),
    Fact("operating_from", DAY, _("Operating since"), FOUNDER, "companies", held=True),
    Fact("operating_until", DAY, _("Operation ended on"), ZONE, "companies", held=True),
    Fact("founded_on", DAY, _("Founded on"), FOUNDER, "companies", held=True),
    Fact("listed", BOOL, _("Listed on a stock exchange"), FOUNDER, "companies", held=True),
    Fact("bad_credit", BOOL, _("On the list of serious breaches of trust"), ZONE, "companies", held=True),
    Fact("registered", BOOL, _("Registered in the zone"), FOUNDER, "companies", held=True, rests_on=("registered_on",)),
)
PREMISES = (
    Fact("settled", BOOL, _("Settled and operating in the zone"), FOUNDER, "spaces", held=True, rests_on=OPERATION),
    Fact("ever_settled", BOOL, _("Has a settled day under the policy"), ZONE, "spaces", held=True, rests_on=OPERATION),
    Fact(
        "first_settled_on", DAY, _("First settled day under the policy"), ZONE, "spaces", held=True, rests_on=OPERATION
    ),
    Fact("moved_in_on", DAY, _("Moved in on"), ZONE, "spaces", held=True, rests_on=OPERATION),
    Fact("leases_in_force", INTEGER, _("Leases in force"), ZONE, "spaces", held=True, most=MOST_COUNT),
    Fact("leased_area", INTEGER, _("Leased area"), FOUNDER, "spaces", held=True, most=MOST_AREA, unit="m2"),
    Fact(
        "relief_of_month",
        INTEGER,
        _("Rent relief of the month"),
        ZONE,
        "subsidies",
        held=True,
        most=MOST_FEN,
        unit="CNY",
        rests_on=("registered_on", "operating_from"),
    ),
)
SETUP = (
    _money("setup_costs_documented", _("Documented costs of starting up"), FOUNDER, "subsidies"),
    _money("setup_costs_in_time", _("Costs of starting up paid in time"), FOUNDER, "subsidies", OPERATION),
    _money("setup_costs", _("Costs of starting up not subsidised otherwise"), FOUNDER, "subsidies", OPERATION),
    Fact("setup_costs_granted", BOOL, _("Settlement support granted before"), ZONE, "subsidies", held=True),
)
TALENTS = (
    _count("talents", _("Start of the talents' employment"), FOUNDER, "community"),
    _count("talents_unawarded", _("Talents not yet awarded"), FOUNDER, "community", ("talents",)),
    _count("talents_recognised", _("Class of the talents not yet awarded"), FOUNDER, "community", ("talents",)),
    Fact(
        "talents_employed_from",
        DAY,
        _("Longest of these employments began on"),
        FOUNDER,
        "community",
        held=True,
        rests_on=("talents",),
    ),
    *(
        _count(f"talents_{grade}", label, FOUNDER, "community", ("talents_recognised",))
        for grade, label in (
            ("a", _("Talents of class A not yet awarded")),
            ("b", _("Talents of class B not yet awarded")),
            ("c", _("Talents of class C not yet awarded")),
            ("d", _("Talents of class D not yet awarded")),
            ("e", _("Talents of class E not yet awarded")),
        )
    ),
    _money("talent_granted_this_year", _("Talent awards granted this year"), ZONE, "subsidies"),
)
LEADING, ANGEL = ("leading_score",), ("angel_score",)
PROJECTS = (
    _count("leading_projects", _("Projects proposed as leading"), FOUNDER, "funding"),
    _count("leading_unawarded", _("Projects proposed as leading and not yet awarded"), FOUNDER, "funding"),
    _score("leading_score", _("Score of the project proposed as leading")),
    _count("leading_top", _("Leading projects with a top score"), PANEL, "funding", LEADING),
    _count("leading_plain", _("Other leading projects"), PANEL, "funding", LEADING),
    _count("angel_projects", _("Projects proposed for the angel fund"), FOUNDER, "funding"),
    _count("angel_uninvested", _("Projects not yet invested in"), FOUNDER, "funding"),
    _score("angel_score", _("Score of the angel project")),
    _count("angel_at_cap", _("Projects that request the maximum or more"), FOUNDER, "funding", ANGEL),
    _money("angel_below_cap", _("Amount requested for the angel project"), FOUNDER, "funding", ANGEL),
)
LOANS = (
    _money("loan_balance", _("Owed on bank loans"), FOUNDER, "funding"),
    Fact("ever_borrowed", BOOL, _("Has a loan under the policy"), FOUNDER, "funding", held=True),
    Fact("first_loan_on", DAY, _("First day of a loan under the policy"), FOUNDER, "funding", held=True),
    Fact("reference_rates", BOOL, _("Reference rate on the day of drawdown"), ZONE, "subsidies", held=True),
    _money(
        "interest_support_of_month",
        _("Interest support of the month"),
        ZONE,
        "subsidies",
        ("registered_on", "operating_from", "reference_rates"),
    ),
)
SUPPLIERS = ("voucher_costs_admitted",)
VOUCHERS = (
    _money("voucher_costs", _("Paid for models and computing power this year"), FOUNDER, "subsidies"),
    _money("voucher_costs_admitted", _("Supplier of the models or computing power"), FOUNDER, "subsidies"),
    _money(
        "voucher_costs_unrelated", _("Paid to suppliers that are no related party"), FOUNDER, "subsidies", SUPPLIERS
    ),
    _money("voucher_costs_fresh", _("Paid on contracts not subsidised before"), FOUNDER, "subsidies", SUPPLIERS),
    _money("model_costs", _("Paid for model services this year"), FOUNDER, "subsidies", SUPPLIERS),
    _money("compute_costs", _("Paid for computing power this year"), FOUNDER, "subsidies", SUPPLIERS),
    _money("compute_other_costs", _("Paid for other computing facilities this year"), FOUNDER, "subsidies", SUPPLIERS),
    Fact(
        "small_company", BOOL, _("Employees and revenue in a verified yearly report"), FOUNDER, "companies", held=True
    ),
    _money("model_granted_this_year", _("Model vouchers granted this year"), ZONE, "subsidies"),
    _money("compute_granted_this_year", _("Compute vouchers granted this year"), ZONE, "subsidies"),
)
ACTIVITIES = (
    _money("activity_costs_documented", _("Documented costs of AI+ activities this year"), FOUNDER, "subsidies"),
    _money("activity_costs", _("Costs of activities not subsidised before"), FOUNDER, "subsidies"),
    _money("activities_granted_this_year", _("Activity support granted this year"), ZONE, "subsidies"),
)

FACTS: dict[str, Fact] = {
    fact.name: fact
    for group in (REGISTER, PREMISES, SETUP, TALENTS, PROJECTS, LOANS, VOUCHERS, ACTIVITIES)
    for fact in group
}


def seen_by(point_facts: Iterable[str], registry: Mapping[str, Fact] = FACTS) -> tuple[str, ...]:
    """The facts to gather and to keep for a decision: `point_facts` and those that they rest on."""
    names = tuple(point_facts)
    return tuple(
        dict.fromkeys([*names, *(root for name in names if name in registry for root in registry[name].rests_on)])
    )


def to_ask_for(wanted: Iterable[str], absent: Collection[str], registry: Mapping[str, Fact] = FACTS) -> tuple[str, ...]:
    """Of the facts `wanted` those that are absent; for one that is derived, the absent ones that it rests on."""
    roots = (root for name in wanted if name in absent for root in _roots(name, absent, registry))
    return tuple(dict.fromkeys(roots))


def _roots(name: str, absent: Collection[str], registry: Mapping[str, Fact]) -> list[str]:
    """The facts for want of which `name` is unknown: itself, where it rests on no other that is."""
    below = [root for root in registry[name].rests_on if root in absent]
    return [deepest for root in below for deepest in _roots(root, absent, registry)] or [name]


def schema(registry: Mapping[str, Fact] = FACTS) -> dict[str, pl.DataType]:
    """Column name -> type of all facts, in registry order."""
    return {fact.name: fact.dtype for fact in registry.values()}


def frame_of(row: Mapping[str, Any], registry: Mapping[str, Fact] = FACTS) -> pl.DataFrame:
    """One company's facts (say, those that a decision has kept) as a frame; `company` is taken along where it is
    given.
    """
    typed = {name: pl.Series(name, [row[name]], dtype=fact.dtype) for name, fact in registry.items() if name in row}
    return pl.DataFrame({"company": [row.get("company", 0)], **typed})


def complete(facts: pl.LazyFrame, names: Iterable[str], registry: Mapping[str, Fact] = FACTS) -> pl.LazyFrame:
    """`facts` with a null column for each of `names` that the portal does not hold yet. Raises BadFacts for any other
    gap.
    """
    found = facts.collect_schema()
    if "company" not in found:
        raise BadFacts("the frame of facts has no column company")
    absent = []
    for name in names:
        fact = registry.get(name)
        if fact is None:
            raise BadFacts(f"no such fact: {name}")
        if name not in found:
            if fact.held:
                raise BadFacts(f"the frame of facts lacks {name}")
            absent.append(pl.lit(None, dtype=fact.dtype).alias(name))
        elif found[name] != fact.dtype:
            raise BadFacts(f"{name} is {found[name]}, not {fact.dtype}")
    return facts.with_columns(absent) if absent else facts


def refuse_impossible(facts: pl.DataFrame, names: Iterable[str], registry: Mapping[str, Fact] = FACTS) -> None:
    """Raise BadFacts for a negative or absurdly large number; within the bounds no amount can overflow 64 bits."""
    bounded = [registry[name] for name in names if registry[name].most and name in facts.columns]
    extremes = (
        facts.select(
            *(pl.col(fact.name).min().alias(f"{fact.name}_min") for fact in bounded),
            *(pl.col(fact.name).max().alias(f"{fact.name}_max") for fact in bounded),
        ).row(0, named=True)
        if bounded
        else {}
    )
    for fact in bounded:
        least, most = extremes[f"{fact.name}_min"], extremes[f"{fact.name}_max"]
        if least is not None and (least < 0 or most > fact.most):
            company = facts.filter(~pl.col(fact.name).is_between(0, fact.most))["company"][0]
            raise BadFacts(f"{fact.name} of company {company} is outside 0 to {fact.most}")
