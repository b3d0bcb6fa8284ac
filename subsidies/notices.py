"""What a company's people are told of its decisions, in the portal and by mail; `accounts.notices` does the telling.

Decisions written together (they share `decided_at`) are one piece of news. It is told once, under a key of its own,
however often and by whichever event it is found: by that of the company, or by that of a run that decided many.

What may become of a point is reckoned here, in the background, and kept with the notice: for what is news alone, and
only where it is news to somebody.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import notices
from accounts.models import User
from accounts.notices import Message, News
from companies.models import Company, Membership
from core import outbox
from core.markup import money, plain_name
from core.models import OutboxEvent, Run
from core.periods import month_start
from subsidies.choices import Outcome, Point
from subsidies.models import Decision
from subsidies.outlooks import Kept, kept_outlooks, read
from subsidies.rules.evaluate import SEPARATOR
from subsidies.rules.facts import FACTS
from subsidies.rules.points import POINTS

UNTOLD = "decision.untold"  # a run decided more companies than one delivery tells
TOPICS = frozenset({"decision.changed", UNTOLD})
COMPANIES_AT_ONCE = 500
MOST_COMPANIES = 1000  # in a delivery: each may cost some evaluations, and a worker's time is limited
# Events go by the clock of whoever wrote them, decisions by the database's. To look back too far costs nothing, as
# what was told is not told again.
MARGIN = dt.timedelta(minutes=10)

Recording = list[Any]  # decisions of one company, written together, annotated by `_recordings`


def tell_of_decisions(events: Sequence[OutboxEvent]) -> None:
    """The consumer of the outbox: news for the members of the companies that the events are about."""
    told_up_to: dict[str, int] = {}
    for event in events:
        if "run" in event.payload:
            run, after = event.payload["run"], event.payload.get("after", 0)
            told_up_to[run] = min(after, told_up_to.get(run, after))
    for run in Run.objects.filter(public_id__in=told_up_to).order_by("pk"):
        _tell_of_run(run, after=told_up_to[str(run.public_id)])
    single = [event for event in events if "run" not in event.payload]
    if single:
        oldest = min(event.created_at for event in single)
        _tell(Company.objects.filter(code__in={event.key for event in single}), since=oldest - MARGIN)


def _tell_of_run(run: Run, *, after: int) -> None:
    """News of what a run decided for companies with a higher id than `after`; of what is left then, an event."""
    code = run.arguments.get("company")
    companies = Company.objects.filter(pk__gt=after, **({"code": code} if code else {}))
    last = _tell(companies, since=(run.started_at or run.created_at) - MARGIN)
    if last:
        outbox.record(UNTOLD, code or "", {"run": str(run.public_id), "after": last})


def _tell(which: QuerySet[Company], *, since: dt.datetime) -> int:
    """News of all that was decided for the companies `which` from the moment `since` on. Returns the id of the last one
    where there may be more of them, else 0."""
    decided = Decision.objects.filter(company=OuterRef("pk"), decided_at__gte=since)
    members = Membership.objects.filter(company=OuterRef("pk"), user__is_active=True)
    companies = which.filter(Exists(members), Exists(decided)).only("code", "name", "name_zh")
    last, number = 0, 0
    while number < MOST_COMPANIES:
        some = list(companies.filter(pk__gt=last).order_by("pk")[:COMPANIES_AT_ONCE])
        if some:
            _tell_some(some, since=since)
        if len(some) < COMPANIES_AT_ONCE:
            return 0
        last, number = some[-1].pk, number + len(some)
    return last


def _tell_some(companies: list[Company], *, since: dt.datetime) -> None:
    people = members_of(companies)
    known = {company.pk: company for company in companies}
    recordings = _recordings(known, since=since)
    earlier = _earlier(recordings)
    each = (_news(known[one[0].company_id], people[one[0].company_id], one, earlier) for one in recordings)
    found = [news for news in each if news]
    waiting = notices.waiting((news.people, news.key) for news in found)
    fresh = [news for news in found if news.key in waiting]
    outlooks = kept_outlooks(decision for news in fresh for decision in news.changes)
    notices.tell_all([_as_told(news, earlier, outlooks) for news in fresh])


def members_of(companies: Iterable[Company]) -> Mapping[int, list[User]]:
    """The people of each company, by its id, in one query."""
    people: defaultdict[int, list[User]] = defaultdict(list)
    for membership in Membership.objects.filter(company__in=companies).select_related("user").order_by("pk"):
        people[membership.company_id].append(membership.user)
    return people


def _recordings(companies: Iterable[int], *, since: dt.datetime) -> list[Recording]:
    """The decisions since then, those of a company that were written together side by side, the oldest first.

    Each knows `earlier`, the one that it took the place of (None for the first on its point), and `is_first`: whether
    the company had no decision at all before.
    """
    earlier = Decision.objects.filter(company=OuterRef("company"), point=OuterRef("point"), pk__lt=OuterRef("pk"))
    before = Decision.objects.filter(company=OuterRef("company"), decided_at__lt=OuterRef("decided_at"))
    decisions = (
        Decision.objects.filter(company__in=companies, decided_at__gte=since)
        .annotate(earlier=Subquery(earlier.order_by("-pk").values("pk")[:1]), is_first=~Exists(before))
        .only(
            "company_id", "point", "outcome", "amount", "decided_for", "decided_at", "superseded_at", "unmet", "missing"
        )
        .order_by("decided_at", "company", "pk")
    )
    found: dict[tuple[int, dt.datetime], Recording] = {}
    for decision in decisions:
        found.setdefault((decision.company_id, decision.decided_at), []).append(decision)
    return list(found.values())


def _earlier(recordings: Iterable[Recording]) -> Mapping[int, Decision]:
    pks = {decision.earlier for recording in recordings for decision in recording if decision.earlier}
    return Decision.objects.only("outcome", "amount", "decided_for", "unmet", "missing").in_bulk(pks)


@dataclass(frozen=True)
class _News:
    """What a recording says that is new. `changes` is empty where all of it is."""

    company: Company
    people: Sequence[User]
    key: str
    changes: Recording


def _news(company: Company, people: list[User], recording: Recording, earlier: Mapping[int, Decision]) -> _News | None:
    """None where only the facts behind the decisions are new."""
    if recording[0].is_first:
        return _News(company, people, f"decisions:{company.pk}:first", [])
    changes = [one for one in recording if one.superseded_at is None and _differs(one, earlier)]
    key = f"decisions:{company.pk}:{recording[0].decided_at.isoformat()}"
    return _News(company, people, key, changes) if changes else None


def _as_told(news: _News, earlier: Mapping[int, Decision], outlooks: Mapping[int, Kept]) -> News:
    names: dict[str, Any] = {"name": news.company.name, "name_zh": news.company.name_zh}
    url = reverse("subsidies:entitlements", args=[news.company.code])
    if not news.changes:
        return News(news.people, "entitlements_ready", names, url, dedupe_key=news.key)
    changes = [_change(one, earlier.get(one.earlier), outlooks.get(one.pk)) for one in news.changes]
    return News(news.people, "entitlements_changed", {**names, "changes": changes}, url, dedupe_key=news.key)


def _differs(decision: Any, earlier: Mapping[int, Decision]) -> bool:
    """Whether people want to hear of it. A monthly amount that only follows the length of the month is no news."""
    was = earlier.get(decision.earlier)
    if was is None or was.outcome != decision.outcome:
        return True
    another_month = month_start(was.decided_for) != month_start(decision.decided_for)
    return bool(was.amount != decision.amount) and not (another_month and POINTS[decision.point].per == "month")


def _change(decision: Any, was: Decision | None, outlook: Kept | None) -> dict[str, Any]:
    """As kept in a notice: codes, for the words are made when it is read. `why`: what stands in the way or, for a yes,
    what did before."""
    amount = "" if decision.amount is None else str(decision.amount)
    behind = decision if decision.outcome != Outcome.ELIGIBLE else was
    why = {"unmet": behind.unmet, "missing": behind.missing} if behind else {}
    ahead = {"outlook": outlook} if outlook else {}
    return {"point": decision.point, "outcome": decision.outcome, "amount": amount, **why, **ahead}


def named(context: Mapping[str, Any]) -> dict[str, str]:
    """The company of a notice in the reader's script."""
    return {"company": plain_name(Company(name=context["name"], name_zh=context["name_zh"]))}


def _named_with_changes(context: Mapping[str, Any]) -> dict[str, str]:
    return {**named(context), "changes": "\n".join(_lines(**change) for change in context["changes"])}


def _lines(*, point: str, outlook: Mapping[str, Any] | None = None, **change: str) -> str:
    """What a change is and why, and in a second line what may become of it."""
    ahead = read(point, outlook).in_short if outlook else ""
    return f"{_sentence(point=point, **change)}\n{ahead}".rstrip()


def _sentence(*, point: str, outcome: str, amount: str, unmet: str = "", missing: str = "") -> str:
    words = {"point": capfirst(str(Point(point).label)), "outcome": Outcome(outcome).label}
    words["why"] = _why(point, outcome == Outcome.ELIGIBLE, unmet, missing)
    if amount and words["why"]:
        return _("%(point)s: %(outcome)s, %(amount)s (%(why)s).") % {**words, "amount": money(Decimal(amount))}
    if amount:
        return _("%(point)s: %(outcome)s, %(amount)s.") % {**words, "amount": money(Decimal(amount))}
    if words["why"]:
        return _("%(point)s: %(outcome)s (%(why)s).") % words
    return _("%(point)s: %(outcome)s.") % words


def _why(point: str, is_yes: bool, unmet: str, missing: str) -> str:
    """In a few words: the criteria that are not met, else the facts that are missing; of a yes those that were."""
    labels = {leaf.key: leaf.label for leaf in POINTS[point].leaves}
    if criteria := ", ".join(_(labels[key]) for key in unmet.split(SEPARATOR) if key in labels):
        sentence = _("now met: %(criteria)s") if is_yes else _("not met: %(criteria)s")
        return sentence % {"criteria": criteria}
    if facts := ", ".join(_(FACTS[name].label) for name in missing.split(SEPARATOR) if name in FACTS):
        return (_("now known: %(facts)s") if is_yes else _("missing: %(facts)s")) % {"facts": facts}
    return ""


MESSAGES = (
    Message(
        "entitlements_ready",
        gettext_lazy("%(company)s: what you are entitled to"),
        gettext_lazy("The policy was applied to the company: see each outcome, its reasons and what is missing."),
        icon="gift",
        words=named,
    ),
    Message(
        "entitlements_changed",
        gettext_lazy("%(company)s: what you are entitled to has changed"),
        "%(changes)s",
        icon="gift",
        words=_named_with_changes,
    ),
)
