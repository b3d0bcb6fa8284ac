"""Replay stored decisions: decide each again, check its seal and its chain, and tell what differs. Changes nothing."""

import uuid
from collections.abc import Iterator

import polars as pl
from django.utils.translation import gettext as _

from core.errors import Incomplete
from subsidies import policy, replaying
from subsidies.choices import Point
from subsidies.gather import stored
from subsidies.gather.stored import Chosen
from subsidies.models import PolicyVersion
from subsidies.replaying import Difference, Law
from subsidies.services.assessments import company_of

BATCH = 50_000  # decisions read and decided at once: some 100 MB


def choose(*, company: str = "", point: str = "", decision: str = "") -> Chosen:
    """The decisions of a company's code, a point, a public id: what is given must hold. Incomplete for what is none."""
    if point and point not in Point.values:
        raise Incomplete(
            _("There is no point %(point)s. Known are: %(points)s.")
            % {"point": point, "points": ", ".join(Point.values)}
        )
    chosen = Chosen(company_of(company).pk if company else None, point, _public_id(decision))
    if decision and not stored.count(chosen):
        raise Incomplete(_("There is no such decision: %(decision)s.") % {"decision": decision})
    return chosen


def _public_id(text: str) -> str:
    try:
        return str(uuid.UUID(text)) if text else ""
    except ValueError:
        raise Incomplete(_("There is no such decision: %(decision)s.") % {"decision": text}) from None


def replay(chosen: Chosen) -> Iterator[tuple[int, list[Difference]]]:
    """Batch by batch: how many decisions it had, and all that is wrong with them. Raises nothing for a decision that
    cannot be replayed: that is a difference."""
    laws: dict[int, Law] = {}
    for batch in stored.batches(chosen, BATCH):
        _learn(laws, set(batch["version_id"]))
        yield batch.height, [*replaying.differences(batch, laws), *_foreign(batch)]


def _learn(laws: dict[int, Law], wanted: set[int]) -> None:
    for version in PolicyVersion.objects.filter(pk__in=wanted - set(laws)).prefetch_related("parameters"):
        laws[version.pk] = law_of(version)


def law_of(version: PolicyVersion) -> Law:
    """The version as its decisions rest on it."""
    return Law(policy.parameter_set(version), version.version, policy.digest_of(version))


def _foreign(batch: pl.DataFrame) -> Iterator[Difference]:
    """Decisions under a code that their company never had: their row was moved to another company."""
    others = batch.filter(pl.col("company_code") != pl.col("code"))
    known = stored.codes_ever(others["company_id"].unique().to_list()) if others.height else set()
    for row in others.iter_rows(named=True):
        if (row["company_id"], row["company_code"]) not in known:
            told = f"decided for {row['company_code']}, which the company was never called"
            yield Difference(row["public_id"], row["code"], row["point"], "company", told)
