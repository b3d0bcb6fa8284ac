"""What a company's people are told of its decisions, in the portal and by mail; `accounts.notices` does the telling.

Decisions written together (they share `decided_at`) are one piece of news. It is told once, under a key of its own,
however often and by whichever event it is found: by that of the company, or by that of a run that decided many.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import notices
from accounts.models import User
from accounts.notices import Message, News
from companies.models import Company, Membership
from core.markup import money, plain_name
from core.models import OutboxEvent, Run
from core.periods import month_start
from subsidies.choices import Outcome, Point
from subsidies.models import Decision
from subsidies.rules.evaluate import SEPARATOR
from subsidies.rules.facts import FACTS
from subsidies.rules.points import POINTS

TOPICS = frozenset({"decision.changed"})
COMPANIES_AT_ONCE = 500
# Events go by the clock of whoever wrote them, decisions by the database's. To look back too far costs nothing, as
# what was told is not told again.
MARGIN = dt.timedelta(minutes=10)

Recording = list[Any]  # decisions of one company, written together, annotated by `_recordings`


def tell_of_decisions(events: Sequence[OutboxEvent]) -> None:
    """The consumer of the outbox: news for the members of the companies that the events are about."""
    runs = Run.objects.filter(public_id__in=[event.payload["run"] for event in events if "run" in event.payload])
    for run in runs.order_by("pk"):
        code = run.arguments.get("company")
        _tell(Q(code=code) if code else Q(), since=(run.started_at or run.created_at) - MARGIN)
    single = [event for event in events if "run" not in event.payload]
    if single:
        oldest = min(event.created_at for event in single)
        _tell(Q(code__in={event.key for event in single}), since=oldest - MARGIN)


def _tell(which: Q, *, since: dt.datetime) -> None:
    """News of all that was decided for the companies `which` from the moment `since` on."""
    decided = Decision.objects.filter(company=OuterRef("pk"), decided_at__gte=since)
    members = Membership.objects.filter(company=OuterRef("pk"), user__is_active=True)
    companies = Company.objects.filter(which, Exists(members), Exists(decided)).only("code", "name", "name_zh")
    for some in _in_parts(companies):
        people = members_of(some)
        known = {company.pk: company for company in some}
        recordings = _recordings(known, since=since)
        earlier = _earlier(recordings)
        found = (_news(known[one[0].company_id], people[one[0].company_id], one, earlier) for one in recordings)
        notices.tell_all([news for news in found if news])


def _in_parts(companies: QuerySet[Company]) -> Iterator[list[Company]]:
    last = 0
    while some := list(companies.filter(pk__gt=last).order_by("pk")[:COMPANIES_AT_ONCE]):
        yield some
        last = some[-1].pk


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


def _news(company: Company, people: list[User], recording: Recording, earlier: Mapping[int, Decision]) -> News | None:
    """What a recording says that is new; None where only the facts behind the decisions are."""
    names = {"name": company.name, "name_zh": company.name_zh}
    url = reverse("subsidies:entitlements", args=[company.code])
    if recording[0].is_first:
        return News(people, "entitlements_ready", names, url, dedupe_key=f"decisions:{company.pk}:first")
    current = (one for one in recording if one.superseded_at is None and _differs(one, earlier))
    changes = [_change(one, earlier.get(one.earlier)) for one in current]
    if not changes:
        return None
    key = f"decisions:{company.pk}:{recording[0].decided_at.isoformat()}"
    return News(people, "entitlements_changed", {**names, "changes": changes}, url, dedupe_key=key)


def _differs(decision: Any, earlier: Mapping[int, Decision]) -> bool:
    """Whether people want to hear of it. A monthly amount that only follows the length of the month is no news."""
    was = earlier.get(decision.earlier)
    if was is None or was.outcome != decision.outcome:
        return True
    another_month = month_start(was.decided_for) != month_start(decision.decided_for)
    return bool(was.amount != decision.amount) and not (another_month and POINTS[decision.point].per == "month")


def _change(decision: Any, was: Decision | None) -> dict[str, str]:
    """As kept in a notice: codes, for the words are made when it is read. `why`: what stands in the way or, for a yes,
    what did before."""
    amount = "" if decision.amount is None else str(decision.amount)
    behind = decision if decision.outcome != Outcome.ELIGIBLE else was
    why = {"unmet": behind.unmet, "missing": behind.missing} if behind else {}
    return {"point": decision.point, "outcome": decision.outcome, "amount": amount, **why}


def _company(context: Mapping[str, Any]) -> dict[str, str]:
    return {"company": plain_name(Company(name=context["name"], name_zh=context["name_zh"]))}


def _company_and_changes(context: Mapping[str, Any]) -> dict[str, str]:
    return {**_company(context), "changes": " ".join(_sentence(**change) for change in context["changes"])}


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


def _relief_ends(context: Mapping[str, Any]) -> dict[str, str]:
    months = context["months"]
    parts = [ngettext("That is in %(count)s month.", "That is in %(count)s months.", months) % {"count": months}]
    if context["rent"]:
        parts.append(_("From then on the rent is %(rent)s a month.") % {"rent": money(Decimal(context["rent"]))})
    else:
        parts.append(_("No lease is agreed for the time after it."))
    for outcome, sentence in INSTEAD.items():
        if points := ", ".join(str(Point(point).label) for point in context["instead"].get(outcome, ())):
            parts.append(str(sentence) % {"points": points})
    return {**_company(context), "day": context["ends_on"], "parts": " ".join(parts)}


def _reliefs_end(context: Mapping[str, Any]) -> dict[str, str]:
    number, named = context["number"], context["companies"]
    told = ", ".join(_("%(code)s on %(day)s") % {"code": one["code"], "day": one["ends_on"]} for one in named)
    more = number - len(named)
    sentence = ngettext(
        "The rent relief of %(count)s company ends soon", "The rent reliefs of %(count)s companies end soon", number
    )
    rest = " " + ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more} if more else ""
    return {"sentence": sentence % {"count": number}, "companies": f"{told}{rest}"}


INSTEAD = {
    Outcome.ELIGIBLE: gettext_lazy("You are still entitled to: %(points)s."),
    Outcome.UNKNOWN: gettext_lazy("Not decided yet, because something is missing: %(points)s."),
}

MESSAGES = (
    Message(
        "relief_ends",
        gettext_lazy("%(company)s: the rent relief ends on %(day)s"),
        "%(parts)s",
        icon="receipt",
        words=_relief_ends,
    ),
    # To the officers
    Message("reliefs_end", "%(sentence)s", "%(companies)s", icon="receipt", words=_reliefs_end),
    Message(
        "entitlements_ready",
        gettext_lazy("%(company)s: what you are entitled to"),
        gettext_lazy("The policy was applied to the company: see each outcome, its reasons and what is missing."),
        icon="gift",
        words=_company,
    ),
    Message(
        "entitlements_changed",
        gettext_lazy("%(company)s: what you are entitled to has changed"),
        "%(changes)s",
        icon="gift",
        words=_company_and_changes,
    ),
)
