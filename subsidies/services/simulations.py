"""Simulations of a draft: on which facts they rest, having one made, and the work of its run.

A simulation is a run like any other: split into shards, done by any number of workers, safe to kill. Each shard
decides its companies twice, by the law and by the law with the draft, with the evaluator that decides for good.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from accounts.models import User
from core import outbox, runs
from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent, Run, RunState
from core.periods import month_start
from subsidies import permissions, policy
from subsidies.bulk import billed
from subsidies.bulk.billed import Months
from subsidies.bulk.rebilled import rebilled
from subsidies.bulk.simulated import add_cells, add_changes, add_corrections
from subsidies.choices import PolicyState
from subsidies.gather import statements
from subsidies.gather.premises import premises
from subsidies.gather.records import records
from subsidies.gather.selection import Selection, id_range, shards
from subsidies.models import PolicyVersion, Simulation
from subsidies.models.simulations import MOST_MONTHS
from subsidies.rules.parameters import ParameterSet, Timeline
from subsidies.rules.points import POINTS
from subsidies.rules.records import Records
from subsidies.rules.simulation import cells_of_both, decided, laid_beside, sides, sums
from subsidies.services import reactions
from subsidies.statement_kinds import KINDS

SIMULATE = "simulate"
LAST_DAY = dt.date(2099, 12, 31)

# A version that comes into force changes no fact. What of the policy decides is in the hash of the content.
FACTS = reactions.TOPICS - {"policy.published"}


def facts_mark() -> str:
    """A text that is another one as soon as a fact that decisions rest on has changed.

    It names the newest event about such a fact, and how many there are: numbers are given before the commit, so that
    one that comes late may be smaller than the newest. Read it before the facts: what changes in between is then seen
    as a change.
    """
    found = OutboxEvent.objects.filter(topic__in=FACTS).aggregate(newest=Max("pk"), count=Count("pk"))
    return f"{found['newest'] or 0}/{found['count']}"


def own_day(version: PolicyVersion, on: dt.date) -> dt.date:
    """The day that a version is simulated for before it is published on the day `on`: its first day, or `on` if that
    is later, when publishing has everything decided again."""
    return max(version.effective_from, on)


def refuse_impossible_day(law: Timeline, on: dt.date) -> None:
    """Incomplete for a day before the policy came into force, and for one that nobody plans for."""
    first = law.starts_on
    if first is not None and not first <= on <= LAST_DAY:
        message = _("Choose a day from %(first)s, when the policy came into force, to %(last)s.") % {
            "first": first, "last": LAST_DAY,
        }  # fmt: skip
        raise Incomplete(message, code="impossible_day", fields={"on": [message]})


@transaction.atomic
def begin_simulation(*, version: PolicyVersion, on: dt.date, by: User, months: int = MOST_MONTHS) -> Simulation:
    """Have a version simulated as of the day `on` and over the `months` from it, on the facts of this moment; a draft
    is *in simulation* from then on. NotAllowed for anybody but policy editors; Incomplete for an impossible day;
    Conflict for a version that is published, and where no policy is law yet."""
    if not permissions.can_edit_policy(by):
        raise NotAllowed(_("Policy editors have a draft simulated."))
    held = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if held.state == PolicyState.PUBLISHED:
        raise Conflict(_("Version %(version)s is published already.") % {"version": held.version}, code="published")
    refuse_impossible_day(policy.published_timeline(), on)
    simulation = Simulation(
        version=held,
        content_hash=policy.hash_of(held),
        day=on,
        months=months,
        facts_mark=facts_mark(),
        created_by=by,
    )
    simulation.save()
    simulation.refresh_from_db(fields=["public_id"])
    arguments = {"simulation": str(simulation.public_id), "version": held.version, "on": on.isoformat()}
    simulation.run = runs.request(SIMULATE, arguments=arguments, by=by)
    simulation.save(update_fields=["run"])
    if held.state == PolicyState.DRAFT:
        held.state = PolicyState.SIMULATED
        held.save(update_fields=["state"])
    outbox.record("simulation.requested", held.version, {"simulation": str(simulation.public_id)})
    version.state = held.state
    return simulation


def plan(_run: Run) -> list[tuple[int, int]]:
    """The shards of a simulation: all companies."""
    return shards(settings.RUN_SHARD)


def work(run: Run, first: int, until: int) -> Mapping[str, int]:
    """One shard: what changes on the day, the months, and the months that are billed already, by law and with the
    draft. Returns sums by point."""
    simulation = _simulation_of(run)
    draft = policy.parameter_set(simulation.version)
    law, drafted = sides(policy.published_timeline(), draft)
    selection = id_range(first, until)
    held, places, points = records(selection), premises(selection), tuple(POINTS.values())
    before, after = (decided(points, held, timeline, simulation.day) for timeline in (law, drafted))
    beside = laid_beside(before, after)
    add_changes(simulation.pk, beside)
    add_cells(simulation.pk, cells_of_both(held, places, law, drafted, draft, simulation.day, simulation.months))
    for found in _rebilled(simulation, selection, held, (law, drafted), draft):
        add_corrections(simulation.pk, found)
    return sums(beside)


def _rebilled(
    simulation: Simulation,
    selection: Selection,
    held: Records,
    both: tuple[Timeline, Timeline],
    draft: ParameterSet,
) -> Iterator[pl.DataFrame]:
    """What the months that are billed already come to otherwise, by kind of statement."""
    months = _months_again(simulation, draft)
    wanted = [*months.open, *months.closed]
    if wanted:
        before, after = (billed.lines(held, wanted, timeline) for timeline in both)
        for kind in KINDS:
            yield rebilled(kind, months, before[kind], after[kind], statements.posted(kind, selection))


def _months_again(simulation: Simulation, draft: ParameterSet) -> Months:
    """The billed months on a day of which the draft is to be in force. Open ones of the simulated months are left out:
    what they cost is among the cells."""
    first, simulated = month_start(draft.effective_from), month_start(simulation.day)
    known = statements.billed_months().items()
    return Months.of({month: closed for month, closed in known if month >= first and (closed or month < simulated)})


def _simulation_of(run: Run) -> Simulation:
    """Conflict where the draft says something else by now: half a simulation of each is none of either."""
    found = Simulation.objects.select_related("version").get(public_id=run.arguments["simulation"])
    if policy.hash_of(found.version) != found.content_hash:
        raise Conflict(
            _("Version %(version)s was changed while it was simulated: simulate it again.")
            % {"version": found.version.version},
            code="changed_meanwhile",
        )
    return found


def finish(run: Run) -> dict[str, Any]:
    """The simulation is done, with the sums of all its parts by point."""
    result: dict[str, dict[str, int]] = {code: {} for code in POINTS}
    for name, count in run.result.items():
        code, _dot, measure = name.partition(".")
        result[code][measure] = count
    Simulation.objects.filter(run=run).update(state=RunState.DONE, result=result)
    return {}


def fail(run: Run) -> None:
    """A run that failed leaves a simulation that never was."""
    Simulation.objects.filter(run=run).update(state=RunState.FAILED)


KIND = runs.RunKind(SIMULATE, plan, work, finish, fail)
