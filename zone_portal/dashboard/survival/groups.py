"""By what companies are set side by side: the year in which they came, the cohorts that officers keep, the support that
they received early, their stage when they came, the campus of their first premises, their industry. Each company is in
one group of each, but in all cohorts that it belongs to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.choices import SupportKind
from community.cohorts import memberships
from community.models import Cohort, Delivery, SupportItem
from community.wording import in_reader_s_language
from companies.choices import Stage
from companies.models import Company
from core.frames import read_frame
from core.markup import listed, plain_name
from spaces.models import Building, Campus, DeskMembership, Lease, Unit
from zone_portal.dashboard.overview.presence import stages_on

# A company may begin with several leases on one day: the smaller number names the first, a lease comes before a desk.
FIRST_CAMPUS = f"""
    SELECT DISTINCT ON (tenancy.company_id) tenancy.company_id, campus.code
    FROM (
        SELECT company_id, unit_id, lower(term) AS since, 0 AS kind, number
        FROM {Lease._meta.db_table} WHERE voided_at IS NULL
        UNION ALL
        SELECT company_id, unit_id, lower(term), 1, number
        FROM {DeskMembership._meta.db_table} WHERE voided_at IS NULL AND company_id IS NOT NULL
    ) tenancy
    JOIN {Unit._meta.db_table} unit ON unit.id = tenancy.unit_id
    JOIN {Building._meta.db_table} building ON building.id = unit.building_id
    JOIN {Campus._meta.db_table} campus ON campus.id = building.campus_id
    ORDER BY tenancy.company_id, tenancy.since, tenancy.kind, tenancy.number COLLATE "C"
"""  # noqa: S608
# What is not known is "", which CSV could not tell from null: each has a sign before it.
INDUSTRIES = f"SELECT id, '=' || btrim(industry) FROM {Company._meta.db_table}"  # noqa: S608
DELIVERIES = f"""
    SELECT delivery.company_id, delivery.given_on, item.kind
    FROM {Delivery._meta.db_table} delivery JOIN {SupportItem._meta.db_table} item ON item.id = delivery.item_id
    WHERE delivery.voided_at IS NULL
"""  # noqa: S608
ALL = ""
"""The one group of all companies."""
NONE = ""
"""The group of whoever is in no other."""
EARLY = "3mo"
"""Support of later months goes to who stayed for so long: it would be followed by staying whatever it was."""


@dataclass(frozen=True)
class Grouping:
    """`of` gives company and group for a frame of `stays`; `named` the names of some groups, in the order in which they
    are shown."""

    label: Any
    of: Callable[[pl.DataFrame], pl.DataFrame]
    named: Callable[[Sequence[str]], Mapping[str, str]]


def _all(stays: pl.DataFrame) -> pl.DataFrame:
    return stays.select("company", pl.lit(ALL).alias("group"))


def _cohorts(stays: pl.DataFrame) -> pl.DataFrame:
    return stays.select("company", pl.col("came_on").dt.year().cast(pl.String).alias("group"))


def _stages(stays: pl.DataFrame) -> pl.DataFrame:
    return stages_on(stays.select("company", pl.col("came_on").alias("day"))).rename({"stage": "group"})


def _campuses(stays: pl.DataFrame) -> pl.DataFrame:
    first = read_frame(FIRST_CAMPUS, [], {"company": pl.Int64(), "group": pl.String()})
    return stays.select("company").join(first, on="company", how="left")


def _industries(stays: pl.DataFrame) -> pl.DataFrame:
    known = read_frame(INDUSTRIES, [], {"company": pl.Int64(), "group": pl.String()})
    return stays.select("company").join(
        known.with_columns(pl.col("group").str.strip_prefix("=")), on="company", how="left"
    )


def _kept_cohorts(stays: pl.DataFrame) -> pl.DataFrame:
    """A row for each cohort of a company."""
    kept = memberships().rename({"cohort": "group"})
    return stays.select("company").join(kept, on="company", how="left").with_columns(pl.col("group").fill_null(NONE))


def _early_support(stays: pl.DataFrame) -> pl.DataFrame:
    """The kinds of support that a company received in its first months, in their order, with a + between."""
    schema = {"company": pl.Int64(), "given_on": pl.Date(), "kind": pl.String()}
    received = read_frame(DELIVERIES, [], schema).join(stays.select("company", "came_on"), on="company")
    early = received.filter(
        pl.col("given_on").is_between(pl.col("came_on"), pl.col("came_on").dt.offset_by(EARLY), closed="left")
    )
    kinds = early.group_by("company").agg(pl.col("kind").unique().sort().str.join("+").alias("group"))
    return stays.select("company").join(kinds, on="company", how="left").with_columns(pl.col("group").fill_null(NONE))


def _named_cohorts(groups: Sequence[str]) -> Mapping[str, str]:
    kept = Cohort.objects.valid().filter(code__in=groups).order_by("code")
    named = {cohort.code: in_reader_s_language(cohort) for cohort in kept}
    return named | ({NONE: capfirst(_("in no cohort"))} if NONE in groups else {})


def _named_support(groups: Sequence[str]) -> Mapping[str, str]:
    """Whoever received none comes first: the others are set beside them."""
    return {group: _support_in_words(group) for group in sorted(groups, key=lambda one: (one.count("+"), one))}


def _support_in_words(group: str) -> str:
    if group == NONE:
        return capfirst(_("none of it"))
    return capfirst(listed(SupportKind(kind).label for kind in group.split("+")))


def _as_they_are(groups: Sequence[str]) -> Mapping[str, str]:
    return {group: group for group in sorted(groups)}


def _named_stages(groups: Sequence[str]) -> Mapping[str, str]:
    names = {**dict(Stage.choices), "": _("no stage entered")}
    return {stage: capfirst(str(name)) for stage, name in names.items() if stage in groups}


def _named_campuses(groups: Sequence[str]) -> Mapping[str, str]:
    return {campus.code: plain_name(campus) for campus in Campus.objects.filter(code__in=groups)}


def _named_industries(groups: Sequence[str]) -> Mapping[str, str]:
    return {group: group or capfirst(_("not known")) for group in sorted(groups, key=lambda name: (not name, name))}


GROUPINGS: dict[str, Grouping] = {
    "": Grouping(gettext_lazy("All together"), _all, lambda _groups: {ALL: _("All companies")}),
    "cohort": Grouping(gettext_lazy("Year of arrival"), _cohorts, _as_they_are),
    "named": Grouping(gettext_lazy("Cohort"), _kept_cohorts, _named_cohorts),
    "support": Grouping(gettext_lazy("Support in the first three months"), _early_support, _named_support),
    "stage": Grouping(gettext_lazy("Stage on arrival"), _stages, _named_stages),
    "campus": Grouping(gettext_lazy("Campus of the first premises"), _campuses, _named_campuses),
    "industry": Grouping(gettext_lazy("Industry"), _industries, _named_industries),
}
