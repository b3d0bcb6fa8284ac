"""Prospects and origins as sentences: what would change an outcome, what it would bring, what ends it and what comes
after it, who said so."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.markup import listed, money
from core.money import to_yuan
from subsidies import choices
from subsidies.gather.origins import Origin
from subsidies.rules.aftermath import Aftermath
from subsidies.rules.explain import Advice
from subsidies.rules.facts import Supplier
from subsidies.rules.horizon import End
from subsidies.rules.nearest import By
from subsidies.rules.parameters import Parameter, ParameterSet
from subsidies.rules.points.point import Per, Point
from subsidies.rules.whatif import Gain
from subsidies.values import between, span, value_of

PERIODS = {
    Per.ONCE: gettext_lazy("once"),
    Per.MONTH: gettext_lazy("for the month"),
    Per.YEAR: gettext_lazy("for the year"),
}
IN_WHOSE_HANDS = {
    Supplier.FOUNDER: gettext_lazy("%(criterion)s: the company can bring it about"),
    Supplier.ZONE: gettext_lazy("%(criterion)s: the zone decides it"),
    Supplier.PANEL: gettext_lazy("%(criterion)s: the panel of experts decides it"),
}
WHO_CAN_TELL = {
    Supplier.FOUNDER: gettext_lazy("%(criterion)s: tell the zone what is missing (%(facts)s)"),
    Supplier.ZONE: gettext_lazy("%(criterion)s: the zone has to find out (%(facts)s)"),
    Supplier.PANEL: gettext_lazy("%(criterion)s: the panel of experts has to say (%(facts)s)"),
}
# Where nothing bounds the amount, the policy bounds what it is reckoned from.
UNBOUNDED = {
    "rent_waiver": (
        gettext_lazy("It would bring relief from %(share)s of the rent for up to %(most)s."),
        "rent_waiver.share",
        "rent_waiver.area_m2",
    ),
    "loan_interest": (
        gettext_lazy("It would bring %(share)s of the interest on up to %(most)s."),
        "loan_interest.share",
        "loan_interest.principal_cap",
    ),
}


@dataclass(frozen=True)
class Borne:
    """How to say what a company pays itself once a monthly relief is over."""

    more: Promise
    alike: Promise
    nothing: Promise


BORNE = {
    "rent_waiver": Borne(
        gettext_lazy("The company then pays %(borne)s of rent a month instead of %(before)s (reckoned for %(month)s)."),
        gettext_lazy("The company then pays %(borne)s of rent a month (reckoned for %(month)s)."),
        gettext_lazy("No lease is agreed for %(month)s."),
    ),
    "loan_interest": Borne(
        gettext_lazy(
            "The company then bears %(borne)s of interest a month itself instead of %(before)s"
            " (reckoned for %(month)s)."
        ),
        gettext_lazy("The company then bears %(borne)s of interest a month itself (reckoned for %(month)s)."),
        gettext_lazy("No loan runs in %(month)s."),
    ),
}
REGISTERS = {
    "company": gettext_lazy("Register"),
    "leases": gettext_lazy("Leases"),
    "desks": gettext_lazy("Desks"),
    "loans": gettext_lazy("Loans"),
    "repayments": gettext_lazy("Repayments"),
    "talents": gettext_lazy("Talents"),
    "projects": gettext_lazy("Projects"),
    "costs": gettext_lazy("Costs"),
    "suppliers": gettext_lazy("Suppliers"),
    "reports": gettext_lazy("Reports"),
}
IMPORT = "import "  # what the audit trail puts before the name of a file


def in_whose_hands(advice: Advice) -> Supplier:
    """The company's, the zone's or the panel's; of several, the one that is furthest from the company."""
    if advice.by is By.FOUNDER:
        return Supplier.FOUNDER
    return Supplier.PANEL if Supplier.PANEL in advice.suppliers else Supplier.ZONE


def turn(advice: Advice, on: dt.date) -> str:
    """One change of the nearest set, and who or what brings it about."""
    what = {"criterion": _(advice.label)}
    if advice.by is By.TIME:
        if advice.day is None or advice.day <= on:
            return _("%(criterion)s: by itself") % what
        told = {"day": advice.day, "span": span(on, advice.day)}
        return _("%(criterion)s: by itself on %(day)s, %(span)s") % {**what, **told}
    if advice.by is By.SUPPLY:
        who = advice.suppliers[0] if advice.suppliers else Supplier.ZONE
        return str(WHO_CAN_TELL[who]) % {**what, "facts": ", ".join(_(fact.label) for fact in advice.facts)}
    return str(IN_WHOSE_HANDS[in_whose_hands(advice)]) % what


def limits(gain: Gain | None, point: Point, parameters: ParameterSet) -> dict[str, Parameter]:
    """The numbers of the policy that `brings` names, by name: none where the gain itself is bounded."""
    if gain is None or gain.high is not None or point.code not in UNBOUNDED:
        return {}
    _sentence, *names = UNBOUNDED[point.code]
    return {name: parameters.parameter(name) for name in map(str, names)}


def brings(gain: Gain, point: Point, named: Mapping[str, Parameter]) -> str:
    """What the nearest change would bring. `named`: the numbers of `limits`."""
    if amount := between(gain.low, gain.high):
        return _("It would bring %(amount)s %(period)s.") % {"amount": amount, "period": PERIODS[point.per]}
    if point.code in UNBOUNDED:
        sentence, share, most = UNBOUNDED[point.code]
        numbers = {"share": value_of(named[share]), "most": value_of(named[most])}
        return str(sentence) % numbers
    return _("What it would bring depends on what is not known yet.")


def ends(end: End, on: dt.date) -> str:
    """From when on a yes is none any more, and why."""
    told = {
        "day": end.day,
        "span": span(on, end.day),
        "criteria": ", ".join(_(leaf.label) for leaf in end.criteria),
    }
    if end.is_unknown:
        return _("From %(day)s on (%(span)s) not known any more: %(criteria)s.") % told
    return _("From %(day)s on (%(span)s) not met any more: %(criteria)s.") % told


def follows(after: Aftermath, code: str) -> Iterator[str]:
    """What comes after the monthly relief of the point `code`: what the company then pays itself, and what the policy
    still gives."""
    words, month = BORNE[code], f"{after.month:%Y-%m}"
    if after.borne is None:
        yield str(words.nothing) % {"month": month}
    elif after.before is None or after.before == after.borne:
        yield str(words.alike) % {"borne": money(to_yuan(after.borne)), "month": month}
    else:
        told = {"borne": money(to_yuan(after.borne)), "before": money(to_yuan(after.before)), "month": month}
        yield str(words.more) % told
    if not (after.eligible or after.unknown):
        yield _("No other point of the policy takes its place.")
    if after.eligible:
        yield _("The company is then entitled to: %(points)s.") % {"points": _names(after.eligible)}
    if after.unknown:
        yield _("Not decided yet, because something is missing: %(points)s.") % {"points": _names(after.unknown)}


def _names(points: Iterable[str]) -> str:
    return listed(choices.Point(point).label for point in points)


@dataclass(frozen=True)
class Reader:
    """Who reads: the names he may see by the ids of the people, and whether he is of the zone himself."""

    is_staff: bool
    names: Mapping[int, str] = field(default_factory=dict)


def source(origin: Origin, reader: Reader) -> str:
    """Which register says so, who entered it and when. People of the zone have no names for founders."""
    told = {"register": REGISTERS[origin.register], "day": timezone.localtime(origin.at).date()}
    if origin.actor.startswith(IMPORT):
        if not reader.is_staff:
            return _("%(register)s, from a file of the zone on %(day)s") % told
        return _("%(register)s, from the file %(file)s on %(day)s") % {
            **told,
            "file": origin.actor.removeprefix(IMPORT),
        }
    who = reader.names.get(origin.user or 0, "") or (origin.actor if reader.is_staff else _("the zone"))
    if not who:
        return _("%(register)s, entered on %(day)s") % told
    return _("%(register)s, entered by %(who)s on %(day)s") % {**told, "who": who}
