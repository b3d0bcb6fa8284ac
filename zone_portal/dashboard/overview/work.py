"""What waits for somebody: applications and decisions that lack a fact; and what happened last."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery

from companies.choices import ApplicationStep
from companies.models import Application, TimelineEntry
from core.models import Run
from subsidies.choices import Outcome, Point
from subsidies.models import Decision
from subsidies.rules.facts import FACTS
from zone_portal.dashboard.overview.moments import decided_by, end_of

WAITING_STEPS = (ApplicationStep.SUBMITTED, ApplicationStep.RESUBMITTED)
LATEST = 6
LOOKED_AT = 200
POINTS_IN_ORDER: list[str] = [Point.RENT_WAIVER, *(point for point in Point if point != Point.RENT_WAIVER)]


@dataclass(frozen=True)
class Waiting:
    """Applications that lay with the zone at the end of the day; `since` is when the oldest of them arrived."""

    count: int
    since: dt.datetime | None

    def days(self, on: dt.date) -> int | None:
        return None if self.since is None else (end_of(on) - self.since).days


def waiting(on: dt.date) -> Waiting:
    """How many applications lay with the zone: the last step of each up to the day tells."""
    found = lying(on).aggregate(count=Count("pk"), since=Min("arrived"))
    return Waiting(found["count"], found["since"])


def lying(on: dt.date) -> QuerySet[Application]:
    """Applications that lay with the zone at the end of the day, with when they `arrived`; the oldest first."""
    steps = TimelineEntry.objects.filter(application=OuterRef("pk"), at__lt=end_of(on)).order_by("-at", "-pk")
    last = Application.objects.annotate(
        step=Subquery(steps.values("step")[:1]), arrived=Subquery(steps.values("at")[:1])
    )
    return last.filter(step__in=WAITING_STEPS).select_related("created_by").order_by("arrived", "pk")


@dataclass(frozen=True)
class MissingFact:
    fact: str
    label: str  # English source of a translated text
    count: int


@dataclass(frozen=True)
class Unknown:
    """Of all decisions, `decided`, those that are unknown. `answerable` of them lack a fact that can be entered today;
    `facts` are these, the most wanted first. The rest waits for facts that the portal does not hold yet."""

    decided: int
    count: int
    answerable: int
    facts: Sequence[MissingFact]


def unknown(on: dt.date) -> Unknown:
    """Counts by the list of missing facts, which are few however many decisions there are."""
    rows = decided_by(on).order_by().values_list("outcome", "missing").annotate(count=Count("pk"))
    wanted: Counter[str] = Counter()
    decided = total = answerable = 0
    for outcome, missing, count in rows:
        decided += count
        if outcome == Outcome.UNKNOWN:
            held = _held(missing)
            total += count
            answerable += count if held else 0
            wanted.update(dict.fromkeys(held, count))
    most_wanted = sorted(wanted.items(), key=lambda item: (-item[1], item[0]))
    facts = [MissingFact(name, FACTS[name].label, count) for name, count in most_wanted]
    return Unknown(decided, total, answerable, facts)


def _held(missing: str) -> list[str]:
    return [name for name in missing.split(";") if name in FACTS and FACTS[name].held]


def lacking(on: dt.date, fact: str = "") -> QuerySet[Decision]:
    """Unknown decisions that lack a fact, or any fact that can be entered today."""
    names = [fact] if fact else [name for name, known in FACTS.items() if known.held]
    wanted = Q()
    for name in names:
        wanted |= Q(missing__regex=rf"(^|;){name}(;|$)")
    return (
        decided_by(on)
        .filter(wanted, outcome=Outcome.UNKNOWN)
        .select_related("company")
        .order_by("company__name_key", "point")
    )


@dataclass(frozen=True)
class Change:
    """A decision whose outcome took the place of another; `others` of the same company changed with it that day."""

    before: Decision
    after: Decision
    others: int = 0


def latest_changes(on: dt.date) -> list[Change]:
    """The companies whose entitlements changed last up to the day, the newest first. Two queries.

    Looks at the decisions that were replaced last; one that was replaced by the same outcome is no change.
    """
    replaced = (
        Decision.objects.filter(superseded_at__lt=end_of(on))
        .annotate(successor=Subquery(_successors().values("pk")[:1]))
        .order_by("-superseded_at", "-pk")[:LOOKED_AT]
    )
    before = list(replaced)
    after = Decision.objects.select_related("company").in_bulk([decision.successor for decision in before])
    pairs = [(old, after[old.successor]) for old in before if old.successor in after]
    return _by_company([(old, new) for old, new in pairs if old.outcome != new.outcome])


def _by_company(pairs: Sequence[tuple[Decision, Decision]]) -> list[Change]:
    """One change a company and moment: that of the rent relief if it is among them, else that of the first point."""
    groups: dict[tuple[int, dt.datetime], list[tuple[Decision, Decision]]] = {}
    for old, new in pairs:
        groups.setdefault((old.company_id, new.decided_at), []).append((old, new))
    firsts = [min(group, key=lambda pair: POINTS_IN_ORDER.index(pair[1].point)) for group in groups.values()]
    rows = zip(firsts, groups.values(), strict=True)
    return [Change(old, new, len(group) - 1) for (old, new), group in rows][:LATEST]


def _successors() -> QuerySet[Decision]:
    later = Decision.objects.filter(company=OuterRef("company"), point=OuterRef("point"), pk__gt=OuterRef("pk"))
    return later.order_by("pk")


def latest_runs(on: dt.date) -> QuerySet[Run]:
    return Run.objects.filter(created_at__lt=end_of(on)).order_by("-created_at", "-pk")[:LATEST]
