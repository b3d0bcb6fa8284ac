"""Everything that the zone measures, as of a day, in a fixed number of queries."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import polars as pl

from zone_portal.dashboard.measures import business, course, links, support
from zone_portal.dashboard.measures.business import Exports, Growth, Told
from zone_portal.dashboard.measures.course import Step, TimeInStage
from zone_portal.dashboard.measures.firms import firms
from zone_portal.dashboard.measures.support import Effect, Year
from zone_portal.dashboard.measures.targets import Aim, aims
from zone_portal.dashboard.models import Sector, TargetFigure
from zone_portal.dashboard.overview import presence
from zone_portal.dashboard.overview.presence import Presence, StageCount
from zone_portal.dashboard.overview.tenancies import in_force, tenancies
from zone_portal.dashboard.survival.stays import stays

HOME = "CN"


@dataclass(frozen=True)
class Abroad:
    """Companies in the zone whose country is known, and of these the ones that are not from China."""

    count: int
    known: int
    of: int

    @property
    def share(self) -> Decimal | None:
        return (Decimal(self.count) / self.known).quantize(Decimal("0.001")) if self.known else None


@dataclass(frozen=True)
class Crossing:
    """Cooperation between culture and technology. `unassigned` companies are of an industry without a sector."""

    culture: int
    technology: int
    unassigned: int
    relations: int
    projects: int
    granted: int
    given: Decimal


@dataclass(frozen=True)
class Anchored:
    """`anchors` have somebody in the zone who is related to them; `companies` are these."""

    anchors: int
    companies: int


@dataclass(frozen=True)
class Measures:
    """The frames that all figures of the day are counted from; each figure is counted when it is asked for."""

    on: dt.date
    held: pl.DataFrame

    @cached_property
    def there(self) -> pl.DataFrame:
        """company: who is in the zone on the day."""
        return self.held.filter(in_force(self.on)).select("company").unique().sort("company")

    @cached_property
    def presence(self) -> Presence:
        return presence.presence(self.on, self.held)

    @cached_property
    def stages(self) -> Sequence[StageCount]:
        return presence.stages(self.on, self.held)

    @cached_property
    def stayed(self) -> pl.DataFrame:
        """How long each company stayed that came by the day."""
        return stays(self.held, self.on)

    @cached_property
    def register(self) -> pl.DataFrame:
        return firms()

    @cached_property
    def known(self) -> pl.DataFrame:
        """The companies in the zone with industry and country."""
        return self.there.join(self.register, on="company", how="left")

    @cached_property
    def industries(self) -> Sequence[tuple[str, int]]:
        """Industry ("" where it is not known) and companies, the largest first."""
        counts = self.known.group_by("industry").len().sort(["len", "industry"], descending=[True, False])
        return [(industry, int(count)) for industry, count in counts.iter_rows()]

    @cached_property
    def abroad(self) -> Abroad:
        known = self.known.filter(pl.col("country") != "")
        return Abroad(known.filter(pl.col("country") != HOME).height, known.height, self.known.height)

    @cached_property
    def reported(self) -> pl.DataFrame:
        return business.business(self.on, self.there)

    @cached_property
    def jobs(self) -> Told:
        return business.jobs(self.reported)

    @cached_property
    def output(self) -> Told:
        return business.output(self.reported)

    @cached_property
    def growth(self) -> Growth:
        return business.growth(self.reported)

    @cached_property
    def exports(self) -> Exports:
        return business.exports(self.reported)

    @cached_property
    def reached(self) -> pl.DataFrame:
        return course.reached(self.stayed, self.on)

    @cached_property
    def funnel(self) -> Sequence[Step]:
        return course.funnel(self.reached)

    @cached_property
    def spells(self) -> pl.DataFrame:
        return course.spells(self.stayed, self.on)

    @cached_property
    def times(self) -> Sequence[TimeInStage]:
        return course.times(self.spells)

    @cached_property
    def anchored(self) -> pl.DataFrame:
        return links.anchored(self.on, self.there, self.register)

    @cached_property
    def anchors(self) -> Anchored:
        return Anchored(self.anchored["anchor"].n_unique(), self.anchored["company"].n_unique())

    @cached_property
    def sectors(self) -> pl.DataFrame:
        return links.sectors(self.known)

    @cached_property
    def crossing_relations(self) -> pl.DataFrame:
        return links.crossing(self.on, self.sectors)

    @cached_property
    def crossing_projects(self) -> pl.DataFrame:
        return links.crossing_projects(self.on, self.sectors)

    @cached_property
    def crossing(self) -> Crossing:
        sizes = dict(self.sectors.group_by("sector").len().iter_rows())
        projects = self.crossing_projects
        return Crossing(
            culture=sizes.get(str(Sector.CULTURE.value), 0),
            technology=sizes.get(str(Sector.TECHNOLOGY.value), 0),
            unassigned=sizes.get("", 0),
            relations=self.crossing_relations.height,
            projects=projects.height,
            granted=int(projects["granted"].sum()),
            given=links.given_to(projects["project"].to_list(), self.on),
        )

    @cached_property
    def given(self) -> pl.DataFrame:
        return support.given(self.on)

    @cached_property
    def supported(self) -> pl.DataFrame:
        return support.supported(self.stayed, self.on, self.given)

    @cached_property
    def effects(self) -> Sequence[Effect]:
        return support.effects(self.supported)

    @cached_property
    def year(self) -> Year:
        return support.year(self.on, self.given)

    @cached_property
    def aims(self) -> Sequence[Aim]:
        return aims(self.on, self.by_target)

    @cached_property
    def by_target(self) -> Mapping[str, Decimal | None]:
        """What was reached by the day, in the unit of each target; None where nobody told it."""
        return {
            TargetFigure.COMPANIES.value: Decimal(self.presence.in_zone),
            TargetFigure.JOBS.value: self.jobs.value if self.jobs.told else None,
            TargetFigure.OUTPUT.value: self.output.value if self.output.told else None,
            TargetFigure.GROWTH.value: _percent(self.growth.rate),
            TargetFigure.ABROAD.value: _percent(self.abroad.share),
            TargetFigure.STAYED.value: _percent(self.presence.share_stayed),
        }


def _percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else share * 100


def measure(on: dt.date) -> Measures:
    return Measures(on, tenancies())
