"""What may become of a point of the policy, in words: the same on the pages and in what people are told.

A notice keeps an outlook as codes and numbers, since its words are made when it is read, in the reader's language.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

import structlog
from django.utils.translation import gettext as _

from core.markup import in_turn
from subsidies import policy
from subsidies.explanations import explained
from subsidies.models import Decision
from subsidies.prospects import NONE, Known, Prospect, prospects_of
from subsidies.rules.aftermath import Aftermath
from subsidies.rules.errors import RuleError
from subsidies.rules.explain import Advice, Explanation
from subsidies.rules.facts import FACTS
from subsidies.rules.horizon import End
from subsidies.rules.nearest import By
from subsidies.rules.parameters import Parameter, ParameterSet, Provenance
from subsidies.rules.points import POINTS, Point
from subsidies.rules.whatif import Gain
from subsidies.wording import brings, ends, follows, limits, turn

log = structlog.get_logger(__name__)

Kept = dict[str, Any]  # primitives, as JSON has them


@dataclass(frozen=True)
class Outlook:
    """Of one point for one company, as of the day `on`. `nearest` is empty for a yes, None where nothing would make it
    one. `named`: the numbers of the policy that the words need."""

    point: Point
    on: dt.date
    nearest: tuple[Advice, ...] | None = ()
    prospect: Prospect = NONE
    named: Mapping[str, Parameter] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Explanation, prospect: Prospect, parameters: ParameterSet, on: dt.date) -> "Outlook":
        point = POINTS[found.point]
        return cls(point, on, found.nearest, prospect, limits(prospect.gain, point, parameters))

    @property
    def advice(self) -> tuple[str, ...]:
        """What would make it a yes, and in whose hands that is."""
        return tuple(turn(advice, self.on) for advice in self.nearest or ())

    @property
    def brings(self) -> str:
        return brings(self.prospect.gain, self.point, self.named) if self.prospect.gain else ""

    @property
    def ends(self) -> str:
        return ends(self.prospect.end, self.on) if self.prospect.end else ""

    @property
    def follows(self) -> tuple[str, ...]:
        """What comes after the end."""
        return tuple(follows(self.prospect.after, self.point.code)) if self.prospect.after else ()

    @property
    def in_short(self) -> str:
        """All of it in one paragraph; "" where there is nothing to say."""
        if self.nearest is None:
            return _("Nothing that could change would make this a yes.")
        if self.nearest:
            change = _("For a yes: %(changes)s.") % {"changes": in_turn(self.advice)}
            return f"{change} {self.brings}".rstrip()
        return " ".join(part for part in (self.ends, *self.follows) if part)


def kept_outlooks(decisions: Iterable[Decision]) -> dict[int, Kept]:
    """Of decisions that are in force, by their ids, each as of the day that it was decided for. A fixed number of
    queries, and some evaluations a company: for those alone whose people are told.

    A company whose records the rules refuse has none, which is logged: the others are to hear of theirs.
    """
    by_company: defaultdict[int, list[Decision]] = defaultdict(list)
    wanted = Decision.objects.filter(pk__in=[decision.pk for decision in decisions])
    for decision in wanted.prefetch_related("version__parameters").order_by("pk"):
        by_company[decision.company_id].append(decision)
    known = Known.of(by_company) if by_company else None
    found: dict[int, Kept] = {}
    for company, own in by_company.items():
        try:
            found |= _kept_of_one(own, known.about(company)) if known else {}
        except RuleError as refused:
            log.warning("no_outlook", company=company, reason=str(refused))
    return found


def _kept_of_one(decisions: list[Decision], known: Known) -> dict[int, Kept]:
    on = max(decision.decided_for for decision in decisions)
    found = {decision.pk: explained(decision) for decision in decisions}
    ahead = prospects_of(known, found.values(), on=on)
    return {
        decision.pk: kept(
            Outlook.of(
                found[decision.pk], ahead.get(decision.point, NONE), policy.parameter_set(decision.version), on
            )
        )
        for decision in decisions
    }  # fmt: skip


def kept(outlook: Outlook) -> Kept:
    """As a notice keeps it."""
    gain, end, after = outlook.prospect.gain, outlook.prospect.end, outlook.prospect.after
    return {
        "on": outlook.on.isoformat(),
        "nearest": outlook.nearest if outlook.nearest is None else [_kept_advice(one) for one in outlook.nearest],
        "gain": gain and {**asdict(gain), "on": gain.on.isoformat()},
        "named": [{**asdict(number), "value": str(number.value)} for number in outlook.named.values()],
        "end": end and {
            "day": end.day.isoformat(),
            "is_unknown": end.is_unknown,
            "criteria": [leaf.key for leaf in end.criteria],
        },
        "after": after and {**asdict(after), "month": after.month.isoformat()},
    }  # fmt: skip


def _kept_advice(advice: Advice) -> Kept:
    facts = [fact.name for fact in advice.facts]
    return {"key": advice.key, "by": str(advice.by), "day": advice.day and advice.day.isoformat(), "facts": facts}


def read(code: str, stored: Mapping[str, Any]) -> Outlook:
    """What `kept` made, of the point `code`. A criterion or a fact that the policy no longer has is left out."""
    point = POINTS[code]
    gain, end, after = stored["gain"], stored["end"], stored["after"]
    labels = {leaf.key: leaf for leaf in point.leaves}
    nearest = None if stored["nearest"] is None else tuple(_read_advice(point, stored["nearest"]))
    prospect = Prospect(
        gain and Gain(**{**gain, "on": _day(gain["on"])}),
        end and End(_day(end["day"]), end["is_unknown"], tuple(labels[k] for k in end["criteria"] if k in labels)),
        after and _read_aftermath(after),
    )
    numbers = [
        Parameter(**{**one, "value": Decimal(one["value"]), "provenance": Provenance(one["provenance"])})
        for one in stored["named"]
    ]
    return Outlook(point, _day(stored["on"]), nearest, prospect, {number.name: number for number in numbers})


def _read_advice(point: Point, stored: Iterable[Mapping[str, Any]]) -> Iterator[Advice]:
    labels = {leaf.key: leaf.label for leaf in point.leaves}
    for one in stored:
        if one["key"] in labels:
            facts = tuple(FACTS[name] for name in one["facts"] if name in FACTS)
            yield Advice(one["key"], labels[one["key"]], By(one["by"]), one["day"] and _day(one["day"]), facts)


def _read_aftermath(stored: Mapping[str, Any]) -> Aftermath:
    points = {name: tuple(stored[name]) for name in ("eligible", "unknown")}
    return Aftermath(_day(stored["month"]), stored["borne"], stored["before"], **points)


def _day(stored: str) -> dt.date:
    return dt.date.fromisoformat(stored)
