"""Versions of the policy between the database, the files and the rules. Every decimal stays exact: it is kept as text.

Reads only, apart from `write_rows` and `add_author`, which a service calls in its transaction.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict
from subsidies import seals
from subsidies.corrections import Reform
from subsidies.models import PolicyAuthor, PolicyParameter, PolicyVersion
from subsidies.rules.catalogue import PARAMETERS, POINT_CODES, STAGE_CODES
from subsidies.rules.content import PARAMETER_FIELDS, content_hash
from subsidies.rules.pack import LANGUAGES, Entry, PolicyPack
from subsidies.rules.parameters import Parameter, ParameterSet, Provenance, Since, Timeline


def timeline(*, known_at: dt.datetime | None = None) -> Timeline:
    """All versions that are or were law, in two queries, or those that were published by `known_at`. Empty where none
    was."""
    versions = PolicyVersion.objects.published().prefetch_related("parameters").order_by("effective_from")
    if known_at is not None:
        versions = versions.filter(published_at__lte=known_at)
    return Timeline([parameter_set(version) for version in versions])


def published_timeline() -> Timeline:
    """As `timeline`; Conflict, saying what to do, where no policy was ever published."""
    found = timeline()
    if found.starts_on is None:
        raise Conflict(
            _("No policy is in force: nothing can be decided. Load one with: manage.py load_policy FILE --publish"),
            code="no_policy",
        )
    return found


def parameter_set(version: PolicyVersion) -> ParameterSet:
    """The version as the rules read it."""
    return ParameterSet(version.version, version.effective_from, _parameters(version))


def digest_of(version: PolicyVersion) -> str:
    """A digest of all that the version says, sealed with each of its decisions. A published one never changes."""
    return seals.digest_of_version(version, version.parameters.all())


def pack_of(version: PolicyVersion) -> PolicyPack:
    """The version as a policy pack, equal to the one that it was loaded from."""
    return PolicyPack(
        policy=version.policy,
        version=version.version,
        effective_from=version.effective_from,
        points=_entries(version.texts["points"], POINT_CODES),
        stages=_entries(version.texts["stages"], STAGE_CODES),
        parameters=_parameters(version),
    )


def write_rows(pack: PolicyPack, *, by: User | None = None, at: dt.datetime | None = None) -> PolicyVersion:
    """A new draft with the pack's content, all of it edited `by` whoever brings it. The database refuses a version
    that exists."""
    version = PolicyVersion(
        policy=pack.policy,
        version=pack.version,
        effective_from=pack.effective_from,
        texts={"points": _texts(pack.points), "stages": _texts(pack.stages)},
        created_by=by,
        edited_by=by,
        edited_at=at,
    )
    version.full_clean()
    version.save()
    PolicyParameter.objects.bulk_create(row_of(version, parameter) for parameter in pack.parameters.values())
    version.content_hash = hash_of(version)
    version.save(update_fields=["content_hash"])
    if by is not None:
        add_author(version, by)
    return version


def add_author(version: PolicyVersion, author: User) -> None:
    """Keep that somebody had a hand in what the version says."""
    PolicyAuthor.objects.get_or_create(version=version, author=author)


def hash_of(version: PolicyVersion) -> str:
    """The hash of what the version says now, from its rows; `version.content_hash` is the one that was stored."""
    return content_hash(
        policy=version.policy,
        version=version.version,
        effective_from=version.effective_from,
        texts=version.texts,
        parameters=version.parameters.order_by().values(*PARAMETER_FIELDS),
    )


def words(version: PolicyVersion | None, point: str, what: str, language: str | None = None) -> str:
    """The `name` or the `clause` of a point or stage in the reader's language, English where there is none."""
    texts = version.texts if version else {}
    entry = texts.get("points", {}).get(point) or texts.get("stages", {}).get(point) or {}
    by_language = entry.get(what, {})
    return str(by_language.get(language or get_language() or "en") or by_language.get("en", ""))


def in_force_on(day: dt.date) -> PolicyVersion | None:
    """The version that governs the day, with its parameters; None before the first."""
    return PolicyVersion.objects.in_force_on(day).prefetch_related("parameters").first()


def _parameters(version: PolicyVersion) -> dict[str, Parameter]:
    rows = {row.name: row for row in version.parameters.all()}
    ordered = [name for name in PARAMETERS if name in rows] + sorted(set(rows) - set(PARAMETERS))
    return {name: parameter_of(rows[name]) for name in ordered}


def parameter_of(row: PolicyParameter) -> Parameter:
    """A row as the rules read it."""
    return Parameter(row.name, _value(row.value), row.unit, Provenance(row.provenance), row.source)


def reforms_of(point: str) -> list[Reform]:
    """The published versions that grant a point otherwise than the version before them, in two queries."""
    versions = PolicyVersion.objects.published().with_ends().prefetch_related("parameters").order_by("effective_from")
    return [
        Reform(after.published_at, after.effective_from, after.replaced_on)
        for before, after in pairwise(versions)
        if _numbers_of(before, point) != _numbers_of(after, point)
    ]


def _numbers_of(version: PolicyVersion, point: str) -> dict[str, Any]:
    values = {row.name: parameter_of(row).value for row in version.parameters.all()}
    return {name: value for name, value in values.items() if name.startswith(f"{point}.")}


def says_the_same(one: Parameter, other: Parameter) -> bool:
    """Whether two parameters have one value of one provenance; the words of their sources may differ."""
    return (one.value, one.unit, one.provenance) == (other.value, other.unit, other.provenance)


def _value(stored: str | Sequence[Mapping[str, str]]) -> Decimal | tuple[Since, ...]:
    if isinstance(stored, str):
        return Decimal(stored)
    return tuple(Since(dt.date.fromisoformat(step["from"]), Decimal(step["value"])) for step in stored)


def row_of(version: PolicyVersion, parameter: Parameter) -> PolicyParameter:
    """The parameter as a row of the version, not saved."""
    value: Any = parameter.value
    if isinstance(value, tuple):
        stored: Any = [{"from": step.day.isoformat(), "value": format(step.value, "f")} for step in value]
    else:
        stored = format(value, "f")
    return PolicyParameter(
        version=version,
        name=parameter.name,
        value=stored,
        unit=parameter.unit,
        provenance=parameter.provenance,
        source=parameter.source,
    )


def _texts(entries: Mapping[str, Entry]) -> dict[str, dict[str, dict[str, str]]]:
    return {code: {"name": dict(e.name), "clause": dict(e.clause)} for code, e in entries.items()}


def _entries(texts: Mapping[str, Any], codes: Iterable[str]) -> dict[str, Entry]:
    """In the order of the policy and the languages: the database keeps none."""
    return {
        code: Entry(
            {language: texts[code]["name"][language] for language in LANGUAGES},
            {language: texts[code]["clause"][language] for language in LANGUAGES},
        )
        for code in codes
    }
