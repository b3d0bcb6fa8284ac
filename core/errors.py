"""The errors that services raise and that pages and the API turn into something a person can act on.

Each has a stable `code` (part of the API), an HTTP status, a message that names the thing and the way out, and
optionally messages by field.
"""

from collections.abc import Mapping, Sequence

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models

_UNIQUE = (models.UniqueConstraint, ExclusionConstraint)


# Constraints that triggers keep on the tables of many models -> the words of their refusal.
_KEPT: dict[str, tuple[object, str]] = {}


def word(constraint: str, message: object, *, code: str) -> None:
    """What is told where a trigger refuses by the name of this constraint; called from `AppConfig.ready`."""
    _KEPT[constraint] = (message, code)


class DomainError(Exception):
    """A request that the zone's rules refuse. `fields` maps a field's name to its messages."""

    status = 400
    code = "refused"

    def __init__(self, message: str, *, code: str | None = None, fields: Mapping[str, Sequence[str]] | None = None):
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.fields = {name: list(messages) for name, messages in (fields or {}).items()}

    def __str__(self) -> str:
        return str(self.message)


class Incomplete(DomainError):
    """Something that the act needs is missing or malformed (400)."""

    code = "incomplete"


class NotAllowed(DomainError):
    """An insider without the right for this act (403). A stranger gets a 404 from the fetch instead."""

    status = 403
    code = "not_allowed"


class Conflict(DomainError):
    """The act contradicts what is already there (409), often what somebody else did a moment ago."""

    status = 409
    code = "conflict"


def incomplete_from(error: ValidationError) -> Incomplete:
    """Django's ValidationError as an Incomplete with the same messages by field."""
    if hasattr(error, "error_dict"):
        fields = {name: messages for name, messages in error.message_dict.items() if name != NON_FIELD_ERRORS}
        general = error.message_dict.get(NON_FIELD_ERRORS, [])
        return Incomplete(" ".join(general) or " ".join(m for ms in fields.values() for m in ms), fields=fields)
    return Incomplete(" ".join(error.messages))


def taken_from(error: ValidationError, model: type[models.Model]) -> Conflict | None:
    """The error as a Conflict where all that is wrong is that another row is there already; None otherwise.

    So whoever comes second is told the same, whether the check saw the other row or the database did.
    """
    told = {name: errors for name, errors in getattr(error, "error_dict", {}).items() if errors}
    own = {c.violation_error_code for c in model._meta.constraints if isinstance(c, _UNIQUE)} - {None}
    codes = [single.code for errors in told.values() for single in errors]
    if not codes or not set(codes) <= {"unique", *own}:
        return None
    found = incomplete_from(error)
    return Conflict(found.message, code="taken" if codes[0] == "unique" else codes[0], fields=found.fields)


def conflict_from(error: IntegrityError, model: type[models.Model]) -> Conflict:
    """The violated constraint's own message as a Conflict; an unknown constraint is re-raised as it came.

    The database is the true guard under concurrency: what `full_clean` could not see yet arrives here.
    """
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for constraint in model._meta.constraints:
        if constraint.name == name:
            return Conflict(str(constraint.get_violation_error_message()), code=constraint.violation_error_code)
    if name in _KEPT:
        message, code = _KEPT[name]
        return Conflict(str(message), code=code)
    raise error
