"""What stands between a draft of the policy and its publication: everything, in words, each with the way out."""

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.models import RunState
from core.runs import UNFINISHED
from subsidies import policy
from subsidies.choices import Provenance
from subsidies.models import PolicyParameter, PolicyVersion, Simulation
from subsidies.models.simulations import MOST_MONTHS
from subsidies.refusals import words_of
from subsidies.rules import catalogue
from subsidies.rules.catalogue import PARAMETERS, POINT_CODES, STAGE_CODES
from subsidies.rules.errors import BadParameter
from subsidies.rules.pack import LANGUAGES
from subsidies.sections import section_of
from subsidies.services.simulations import facts_mark, own_day

SIMULATION_KEEPS = 30  # days: windows open and end by themselves, though no fact changes
NAMED = 5
# Codes of problems with which nobody approves a version: its content is not ready, or nobody knows its consequences.
BEFORE_APPROVAL = frozenset(
    {"missing_parameter", "impossible_value", "contradiction", "unconfirmed", "unworded", "not_simulated", "not_whole"}
)


@dataclass(frozen=True)
class Problem:
    """One thing in the way. `part` is the parameter, or the code of the point or stage, that it is about; "" for the
    version as a whole."""

    code: str
    text: str
    part: str = ""

    def __str__(self) -> str:
        return self.text

    @property
    def section(self) -> str:
        """The code of the section in which it can be mended; "" where none can."""
        return section_of(self.part) if self.part in PARAMETERS else self.part


def problems(version: PolicyVersion, on: dt.date) -> list[Problem]:
    """All that keeps the version from being published on the day `on`, what it says first; [] where nothing does.

    The content is read from its rows, never from what was stored about it.
    """
    return [*content_problems(version), *_problems_of_the_day(version), *_problems_of_people(version, on)]


def content_problems(version: PolicyVersion) -> list[Problem]:
    """What is missing, impossible, contradictory or unconfirmed in what the version says."""
    rows = {row.name: row for row in version.parameters.all()}
    return [*_missing(rows), *_impossible(rows), *_unconfirmed(rows.values()), *_unworded(version)]


def _missing(names: Container[str]) -> Iterator[Problem]:
    for name in [name for name in PARAMETERS if name not in names]:
        yield Problem("missing_parameter", _("%(name)s has no value: enter one.") % {"name": name}, name)


def _impossible(rows: Mapping[str, PolicyParameter]) -> Iterator[Problem]:
    numbers = {}
    for name, row in rows.items():
        parameter = policy.parameter_of(row)
        if isinstance(parameter.value, Decimal):
            numbers[name] = parameter.value
        try:
            catalogue.refuse_impossible(parameter)
        except BadParameter as refusal:
            yield Problem("impossible_value", f"{name}: {words_of(refusal)}", name)
    for one in catalogue.contradictions(numbers):
        yield Problem("contradiction", f"{one.name}: {words_of(one)}", one.name)


def _unconfirmed(rows: Iterable[PolicyParameter]) -> Iterator[Problem]:
    names = sorted(row.name for row in rows if row.provenance == Provenance.ASSUMED and row.confirmed_at is None)
    if names:
        text = ngettext(
            "%(count)d assumed value waits for the zone's confirmation (%(names)s): read it and confirm it.",
            "%(count)d assumed values wait for the zone's confirmation (%(names)s): read and confirm them.",
            len(names),
        )
        named = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
        yield Problem("unconfirmed", text % {"count": len(names), "names": named}, names[0])


def _unworded(version: PolicyVersion) -> Iterator[Problem]:
    for kind, codes in (("points", POINT_CODES), ("stages", STAGE_CODES)):
        for code in codes:
            entry = version.texts.get(kind, {}).get(code, {})
            parts = (entry.get(part, {}).get(language, "") for part in ("name", "clause") for language in LANGUAGES)
            if not all(text.strip() for text in parts):
                text = _("%(code)s lacks its name or its clause in a language: write it.") % {"code": code}
                yield Problem("unworded", text, code)


def _problems_of_the_day(version: PolicyVersion) -> Iterator[Problem]:
    newest = PolicyVersion.objects.published().exclude(pk=version.pk).order_by("-effective_from").first()
    if newest is not None and version.effective_from <= newest.effective_from:
        text = _("Version %(version)s must begin after %(day)s, the first day of version %(newest)s: change its day.")
        words = {"version": version.version, "day": newest.effective_from, "newest": newest.version}
        yield Problem("not_after", text % words)


def _problems_of_people(version: PolicyVersion, on: dt.date) -> Iterator[Problem]:
    content = policy.hash_of(version)
    yield from _unsimulated(version, content, on)
    if version.approved_at is None or version.approved_hash != content:
        yield Problem("not_approved", _("Nobody approved this content: an approver who did not edit it does."))
    elif version.authors.filter(author=version.approved_by_id).exists():
        text = _("Who approved this content had a hand in it: withdraw the approval, and another approver gives it.")
        yield Problem("two_people", text)


def _unsimulated(version: PolicyVersion, content: str, on: dt.date) -> Iterator[Problem]:
    made = Simulation.objects.filter(version=version, content_hash=content)
    done = made.filter(state=RunState.DONE)
    whole = [one for one in done if is_whole(one, version)]
    current = [one for one in whole if one.facts_mark == facts_mark()]
    if any(_is_fresh(one, version, on) for one in current):
        return
    if made.filter(state__in=UNFINISHED).exists():
        yield Problem("not_simulated", _("The simulation of this content is not finished: wait for it."))
    elif current:
        text = _("The simulation of this content, or its day, is more than %(days)d days old: simulate it again.")
        yield Problem("simulation_old", text % {"days": SIMULATION_KEEPS})
    elif whole:
        yield Problem("facts_changed", _("Facts have changed since this content was simulated: simulate it again."))
    elif done.exists():
        text = _(
            "This content was simulated for another day alone, or for fewer months: simulate it for %(day)s and"
            " %(months)d months."
        )
        yield Problem("not_whole", text % {"day": own_day(version, on), "months": MOST_MONTHS})
    else:
        yield Problem("not_simulated", _("Nobody simulated exactly this content: simulate it."))


def is_whole(simulation: Simulation, version: PolicyVersion) -> bool:
    """Whether it shows all that the version would do: over all months, and from its first day or, where that was past,
    from a day between it and the one on which the simulation was made."""
    latest = own_day(version, timezone.localtime(simulation.created_at).date())
    return simulation.months == MOST_MONTHS and version.effective_from <= simulation.day <= latest


def _is_fresh(simulation: Simulation, version: PolicyVersion, on: dt.date) -> bool:
    """Whether neither it nor the day that it stands for is too old for what the version does from `on` on."""
    made = timezone.localtime(simulation.created_at).date()
    days = (on - made, own_day(version, on) - simulation.day)
    return all(passed.days <= SIMULATION_KEEPS for passed in days)
