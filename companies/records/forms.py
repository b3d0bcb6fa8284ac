"""Forms of records, made from the fields of their model: labels, lengths and choices stand in one place.

They check shape alone. What the record's own constraints and the zone's rules say, the service answers.
"""

from typing import Any

from django import forms
from django.db.models import DateField, Field
from django.forms.models import fields_for_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from companies.fields import CompanyField
from companies.models import Company
from core.forms import DayInput


def _field_of(field: Field, **options: Any) -> forms.Field | None:
    if isinstance(field, DateField):
        options["widget"] = DayInput
    return field.formfield(**options)


class RecordForm(forms.Form):
    """Base of the forms. Subclasses name the `model`, the fields `typed` of it, and the field `number` that is given
    once and stays. `field_order` is the order on the page.

    The field `owner` says whose the record is, which stays as well unless it `moves`: the company, asked for where the
    address names none. `seen` is the moment of the record that the page shows.
    """

    model: type[Any]
    typed: tuple[str, ...] = ()
    number: str = ""
    owner: str = "company"
    moves: bool = False

    use_required_attribute = False

    company = CompanyField()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, user: User, record: Any = None, company: Company | None = None):
        self.user, self.record = user, record
        super().__init__(data, initial=self.initial_of(record) if record else None)
        names = (*self.typed, *([self.number] if self.number and record is None else []))
        self.fields.update(fields_for_model(self.model, names, formfield_callback=_field_of))
        if company is not None or not self.asks_for_company():
            self.fields.pop(self.owner, None)
        if record is None:
            del self.fields["seen"]
        self.order_fields(self.field_order)

    @classmethod
    def fields_of(cls, *, is_new: bool) -> dict[str, forms.Field]:
        """The fields in which something is typed, in their order, for a new record or for one that exists."""
        names = (*cls.typed, *([cls.number] if cls.number and is_new else []))
        declared = {name: field for name, field in cls.base_fields.items() if name != "seen"}
        found = declared | fields_for_model(cls.model, names, formfield_callback=_field_of)
        if not is_new and not cls.moves:
            found.pop(cls.owner, None)
        return {name: found[name] for name in cls.field_order or found if name in found}

    def asks_for_company(self) -> bool:
        """Whether the company is typed: a record stays with its company, unless a kind says otherwise."""
        return self.record is None

    def initial_of(self, record: Any) -> dict[str, Any]:
        """What the form shows of a record that exists."""
        return {name: getattr(record, name) for name in self.typed} | {"seen": stamp(record)}

    def values(self) -> dict[str, Any]:
        """What the services take, but for whose it is."""
        return {name: value for name, value in self.cleaned_data.items() if name not in (self.owner, "seen")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.record is not None and cleaned.get("seen") != stamp(self.record):
            # What was typed stays, and may be saved over what the reader now knows of.
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["seen"] = stamp(self.record)  # type: ignore[index]
            message = _("Somebody changed it since you opened this page. Compare, and save again if you still want to.")
            self.add_error(None, message)
        return cleaned


def stamp(record: Any) -> str:
    """The moment of the record's last change."""
    return str(record.updated_at.isoformat())


class VoidForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class NoForm(forms.Form):
    """Nothing is typed: the question alone is answered."""
