"""What an app declares of a kind of record, so that the pages can be the same for all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django_filters import FilterSet

from accounts.models import User
from companies.models import Company
from companies.records.forms import RecordForm
from core.markup import Tone
from core.tables import PortalTable

Facts = Sequence[tuple[Any, Any]]
"""What a page tells about a record: each a label and a value."""


@dataclass(frozen=True)
class Act:
    """Something that may be done to a record: a page of its own, or with `asks` a question that is answered at once.

    `asks` is the question, `tells` what will follow from it.
    """

    label: Any
    url: str
    icon: str
    asks: Any = ""
    tells: Any = ""
    tone: str = "primary"

    @property
    def anchor(self) -> str:
        """The id of the dialog that asks."""
        return f"ask-{self.url.strip('/').split('/')[0]}"


@dataclass(frozen=True)
class Words:
    """What the pages of a kind say. `why` tells which point of the policy rests on such records."""

    one: Any
    many: Any
    enter: Any
    change: Any
    void: Any
    none: Any
    why: Any


@dataclass(frozen=True, kw_only=True)
class RecordKind:
    """A kind of record. `name` and `plural` make the names and addresses of its routes, `plural` also is the kind of
    file; `key` is the field that addresses a record, `columns` lead from the file's key columns to fields.

    `enter(values, company, by)`, `change(record, values, by)` and `void(record, reason, by)` call the services;
    `may_enter(user, company)` and `may_change(user, record)` are the predicates that those ask too. A kind without
    `company` has records that are no company's: it has no part on the page of one.
    """

    name: str
    plural: str
    namespace: str
    model: type[Any]
    key: str
    columns: Mapping[str, str]
    words: Words
    icon: str
    form: type[RecordForm]
    table: type[PortalTable]
    filters: type[FilterSet]
    facts: Callable[[Any], Facts]
    enter: Callable[[dict[str, Any], Company | None, User], Any]
    change: Callable[[Any, dict[str, Any], User], Any]
    may_enter: Callable[[User, Company | None], bool]
    may_change: Callable[[User, Any], bool]
    void: Callable[[Any, str, User], Any] | None = None
    rows: Callable[[QuerySet], QuerySet] = lambda rows: rows
    state: Callable[[Any], tuple[Any, Tone] | None] = lambda record: None
    acts: Callable[[User, Any], Sequence[Act]] = lambda user, record: ()
    more: Callable[[User, Any], dict[str, Any]] = lambda user, record: {}
    more_template: str = ""
    company: str = "company"
    hidden_in_part: tuple[str, ...] = field(default=("company",))

    def route(self, suffix: str) -> str:
        """The full name of a route of this kind, such as `funding:loan_change`."""
        return f"{self.namespace}:{suffix}"
