"""Who works with whom by the relations of the register: companies with anchor companies, culture with technology."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import polars as pl
from django.db.models import Sum

from companies.choices import CompanyKind
from companies.models import Relation
from core.frames import read_frame
from funding.models import Project
from subsidies.choices import GRANTED, EntryKind
from subsidies.models import Grant, GrantItem, LedgerEntry
from zone_portal.dashboard.models import IndustrySector, Sector
from zone_portal.dashboard.overview.moments import end_of

# An unknown end of a period is none: such a relation holds on every day.
RELATIONS = f"""
    SELECT company_id, other_id, kind, lower(valid) FROM {Relation._meta.db_table} WHERE valid IS NULL OR valid @> %s
"""  # noqa: S608
SCHEMA = {"one": pl.Int64(), "other": pl.Int64(), "kind": pl.String(), "since": pl.Date()}
PROJECTS = f"""
    SELECT project.id, company_id, code, field, score::text, scored_on, EXISTS (
        SELECT FROM {GrantItem._meta.db_table} item JOIN {Grant._meta.db_table} held ON held.id = item.grant_id
        WHERE item.project_id = project.id AND held.decided_at < %s
          AND (held.state IN %s OR held.state = 'revoked' AND held.ended_at >= %s)
    )
    FROM {Project._meta.db_table} project
    WHERE voided_at IS NULL AND scored_on <= %s AND field IN ('ai', 'culture')
"""  # noqa: S608
PROJECT_SCHEMA = {
    "project": pl.Int64(),
    "company": pl.Int64(),
    "code": pl.String(),
    "field": pl.String(),
    "score": pl.String(),
    "scored_on": pl.Date(),
    "granted": pl.Boolean(),
}


def _relations(on: dt.date) -> pl.DataFrame:
    return read_frame(RELATIONS, [on], SCHEMA)


def _both_ways(found: pl.DataFrame) -> pl.DataFrame:
    turned = found.select(pl.col("other").alias("one"), pl.col("one").alias("other"), "kind", "since")
    return pl.concat([found, turned])


def anchored(on: dt.date, there: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """anchor, company, kind and since: each company in the zone (`there`), no anchor itself, that is related to an
    anchor company on the day, either way. `register` is the frame of `firms`."""
    anchors = register.filter(pl.col("kind") == CompanyKind.ANCHOR).select("company")
    return (
        _both_ways(_relations(on))
        .join(anchors, left_on="one", right_on="company", how="semi")
        .join(anchors, left_on="other", right_on="company", how="anti")
        .join(there, left_on="other", right_on="company", how="semi")
        .select(pl.col("one").alias("anchor"), pl.col("other").alias("company"), "kind", "since")
        .sort("anchor", "company")
    )


def sectors(there: pl.DataFrame) -> pl.DataFrame:
    """company, industry and sector of each company of `there` (company and industry). The sector is "" where an officer
    has not said to which one the industry belongs, or where the industry is not known."""
    said = dict(IndustrySector.objects.values_list("industry", "sector"))
    return there.select("company", "industry").with_columns(
        pl.col("industry").replace_strict(said, default="", return_dtype=pl.String).alias("sector")
        if said
        else pl.lit("").alias("sector")
    )


def crossing(on: dt.date, belonging: pl.DataFrame) -> pl.DataFrame:
    """company (of culture), other (of technology), kind and since: the relations between the two on the day, where both
    are in the zone. `belonging` is the frame of `sectors`."""
    of = {sector: belonging.filter(pl.col("sector") == sector).select("company") for sector in Sector.values}
    return (
        _both_ways(_relations(on))
        .join(of[Sector.CULTURE], left_on="one", right_on="company", how="semi")
        .join(of[Sector.TECHNOLOGY], left_on="other", right_on="company", how="semi")
        .select(pl.col("one").alias("company"), "other", "kind", "since")
        .sort("company", "other")
    )


def crossing_projects(on: dt.date, belonging: pl.DataFrame) -> pl.DataFrame:
    """Projects that cross the two, and that the panel has scored by the day: of AI by a company of culture, of culture
    by one of technology. project, company, code, field, score (text), scored_on, and granted: whether a grant in force
    on the day rests on it."""
    end = end_of(on)
    states = tuple(str(state.value) for state in GRANTED)
    found = read_frame(PROJECTS, [end, states, end, on], PROJECT_SCHEMA)
    wanted = pl.DataFrame(
        {"field": ["ai", "culture"], "sector": [str(Sector.CULTURE.value), str(Sector.TECHNOLOGY.value)]}
    )
    return (
        found.join(belonging.select("company", "sector"), on="company")
        .join(wanted, on=["field", "sector"], how="semi")
        .select(*PROJECT_SCHEMA)
        .sort("scored_on", "code")
    )


def given_to(projects: Sequence[int], on: dt.date) -> Decimal:
    """What grants that rest on these projects gave by the end of the day, less what came back: each grant once, however
    many of the projects it rests on."""
    grants = GrantItem.objects.filter(project__in=projects).values("grant")
    entries = LedgerEntry.objects.filter(grant__in=grants, at__lt=end_of(on)).order_by().values_list("kind")
    sums = dict(entries.annotate(sum=Sum("amount")))
    nothing = Decimal(0)
    back = sums.get(EntryKind.RELEASE, nothing) + sums.get(EntryKind.RECOVERY, nothing)
    return Decimal(sums.get(EntryKind.COMMITMENT, nothing) - back)
