"""What an app declares of a kind of record, so that the pages can be the same for all."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import FilterSet

from accounts.models import User
from companies.models import Company
from companies.permissions import can_enter_records, can_keep_register
from companies.records.forms import RecordForm
from companies.records.history import Part
from companies.records.parts import Act, Crumb, Facts, Words
from core.markup import Tone
from core.records import hold
from core.tables import PortalTable


class RecordKind:
    """A kind of record. `name` and `plural` make the names and addresses of the routes, `plural` also is the
    kind of file; `key` is the field that addresses a record, `columns` lead from the file's key columns to fields.

    Subclasses say what is shown and which services are called; those ask the same predicates as `may_enter` and
    `may_change`. `company` is "" for records that are no company's: they have no part on the page of one.
    """

    name: str
    plural: str
    namespace: str
    model: type[Any]
    key: str
    columns: Mapping[str, str]
    words: Words
    form: type[RecordForm]
    table: type[PortalTable]
    filters: type[FilterSet]
    no_owner: Any = gettext_lazy("The register has no company with this code.")
    company = "company"
    is_voidable = True
    more_template = ""
    parts: Sequence[Part] = ()  # whose steps are a part of a record's history

    # --- What each kind says for itself

    def facts(self, record: Any) -> Facts:
        """What the page tells about a record."""
        raise NotImplementedError

    def enter(self, values: dict[str, Any], company: Any, by: User) -> Any:
        """Call the service that puts one of a company on record; the company is None only where the form lets it."""
        raise NotImplementedError

    def change(self, record: Any, values: dict[str, Any], by: User) -> Any:
        """Call the service that corrects it."""
        raise NotImplementedError

    def void(self, record: Any, reason: str, by: User) -> Any:
        """Call the service that declares it void."""
        raise NotImplementedError

    def sees_owner(self, user: User, owner: str) -> bool:
        """Whether he sees whose record it would be, by its code."""
        return bool(Company.objects.visible_to(user).filter(code=owner).exists())

    def held(self, record: Any) -> Any:
        """The record as it is now, locked until the transaction ends; Conflict where it was declared void."""
        if self.is_voidable:
            return hold(record)
        return self.model._default_manager.select_for_update(of=("self",)).get(pk=record.pk)

    def may_enter(self, user: User, company: Company | None) -> bool:
        """Whether he may enter one of this company; None: of any."""
        return can_enter_records(user, company) if company else can_keep_register(user)

    def may_change(self, user: User, record: Any) -> bool:
        raise NotImplementedError

    def rows(self, rows: QuerySet) -> QuerySet:
        """The rows with what a page shows of them."""
        return rows.select_related("company")

    def state(self, record: Any) -> tuple[Any, Tone] | None:
        """The record's state in a word and its tone, where the kind has states."""
        del record
        return None

    def acts(self, user: User, record: Any) -> Sequence[Act]:
        """What else he may do with it."""
        del user, record
        return ()

    def more(self, user: User, record: Any) -> dict[str, Any]:
        """What `more_template` shows below the facts."""
        del user, record
        return {}

    # --- Where a record is

    def route(self, name: str) -> str:
        """The full name of a route of this kind, such as `funding:loan_change`."""
        return f"{self.namespace}:{name}"

    def url(self, record: Any, act: str = "") -> str:
        """Where the record is shown, or an act of it has its page."""
        name = f"{self.name}_{act}" if act else self.name
        return reverse(self.route(name), args=[getattr(record, self.key)])

    def seen(self, user: User, key: Any) -> Any:
        """The record; 404 for whoever does not see it."""
        return get_object_or_404(self.rows(self.model.objects.visible_to(user)), **{self.key: key})

    def fetch(self, user: User, key: Any) -> Any:
        """The record as it is before an act: 404 for one that is void, too."""
        found = self.seen(user, key)
        if self.is_voidable and found.voided_at is not None:
            raise Http404
        return found

    def company_of(self, record: Any) -> Company | None:
        return getattr(record, self.company) if self.company else None

    def way(self, user: User, company: Company | None) -> list[Crumb]:
        """To the list for staff, for founders to what they have told about their company."""
        if user.is_staff_member or company is None:
            return [(self.words.many, reverse(self.route(self.plural)))]
        return [(_("Facts for the policy"), reverse("workspace:facts", args=[company.code]))]

    def crumbs(self, user: User, record: Any) -> list[Crumb]:
        """The way to the record, itself included."""
        return [*self.way(user, self.company_of(record)), (str(record), self.url(record))]
