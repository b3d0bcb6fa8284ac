"""Forms of the acts on a lease: shape and type of what is typed, the plan that it makes, and the service that it calls.

A form that is valid has a `plan`; whether it can be is decided there and, under locks, by the service.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from companies.fields import suggesting
from core.forms import DayInput
from core.periods import DAY, Day, last_day
from spaces import services
from spaces.choices import LeaseAct, NoticeBy
from spaces.forms import UnitField
from spaces.lives import lineage, plans
from spaces.lives.plans import Plan, Terms
from spaces.models import MAX_AREA_M2, MAX_PRICE, Lease

MOST_PARTS = 4


def _area() -> forms.DecimalField:
    return forms.DecimalField(label=_("Area in m²"), min_value=0, max_value=MAX_AREA_M2, decimal_places=2)


def _price() -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Price in yuan per m² and day"), min_value=0, max_value=MAX_PRICE, decimal_places=4
    )


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput, help_text=help_text)


class ActForm(forms.Form):
    """Base of the forms. What it shows at first is what the lease says now."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, lease: Lease):
        self.lease = lease
        super().__init__(data, initial=self.proposed(lease))

    def proposed(self, lease: Lease) -> dict[str, Any]:
        """The values that the form begins with."""
        del lease
        return {}

    def plan(self) -> Plan:
        """What it would do, by the books of this moment. Raises Incomplete and Conflict."""
        raise NotImplementedError

    def carry_out(self, by: User) -> Lease:
        """Do it; returns the lease whose page comes next. Raises what the service raises."""
        raise NotImplementedError


class SuccessorForm(ActForm):
    """One lease that follows, in the same unit."""

    act: LeaseAct

    day = _day(_("From"), _("The first day on which the new terms hold. The lease ends on the day before."))
    area_m2 = _area()
    price_per_m2_day = _price()
    last_day = forms.DateField(
        label=_("Last day"), widget=DayInput, required=False, help_text=_("Included. Leave it empty for an open end.")
    )
    number = forms.CharField(label=_("Number of the new lease"), max_length=64)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("The company reads it."),
    )  # fmt: skip

    def proposed(self, lease: Lease) -> dict[str, Any]:
        return {
            "unit": lease.unit.code,
            "area_m2": lease.area_m2,
            "price_per_m2_day": lease.price_per_m2_day,
            "last_day": last_day(lease.term),
            "number": lineage.suggested_numbers(lease)[0],
        }

    def leases(self) -> list[Lease]:
        return [self.lease]

    def successors(self) -> list[Terms]:
        said = self.cleaned_data
        unit = said.get("unit") or self.lease.unit
        return [Terms(said["number"], unit, said["area_m2"], said["price_per_m2_day"], said["last_day"])]

    def said(self) -> dict[str, Any]:
        return {"day": self.cleaned_data["day"], "reason": self.cleaned_data["reason"]}

    def plan(self) -> Plan:
        return plans.succession(self.act, self.leases(), self.successors(), self.cleaned_data["day"])


class RenewForm(SuccessorForm):
    act = LeaseAct.RENEWED

    def proposed(self, lease: Lease) -> dict[str, Any]:
        following = lineage.day_after(lease)
        return super().proposed(lease) | {"day": following, "last_day": _as_long(lease, following)}

    def carry_out(self, by: User) -> Lease:
        return services.renew_lease(lease=self.lease, terms=self.successors()[0], by=by, **self.said())


class ChangeForm(SuccessorForm):
    act = LeaseAct.CHANGED

    def carry_out(self, by: User) -> Lease:
        return services.change_lease_from(lease=self.lease, terms=self.successors()[0], by=by, **self.said())


class MoveForm(SuccessorForm):
    act = LeaseAct.MOVED

    unit = UnitField(
        label=_("Unit"),
        max_length=64,
        help_text=_("Type a part of its number: units that are free come first."),
        widget=suggesting("spaces:offer_units", "unit-options"),
    )

    field_order = ["day", "unit"]

    def proposed(self, lease: Lease) -> dict[str, Any]:
        return super().proposed(lease) | {"unit": ""}

    def carry_out(self, by: User) -> Lease:
        return services.move_lease(lease=self.lease, terms=self.successors()[0], by=by, **self.said())


class MergeForm(SuccessorForm):
    act = LeaseAct.MERGED

    others = forms.MultipleChoiceField(label=_("Merge it with"), widget=forms.CheckboxSelectMultiple)
    unit = UnitField(label=_("Unit"), max_length=64)

    field_order = ["others", "day", "unit"]

    def __init__(self, data: Any = None, *, lease: Lease):
        super().__init__(data, lease=lease)
        own = Lease.objects.valid().filter(company=lease.company_id, term__overlap=lease.term).exclude(pk=lease.pk)
        self.mergeable = {other.number: other for other in own.with_places().order_by("number")}
        self.fields["others"].choices = [  # type: ignore[attr-defined]
            (number, f"{number} · {other.unit.code} · {other.area_m2} m²") for number, other in self.mergeable.items()
        ]

    def leases(self) -> list[Lease]:
        return [self.lease, *(self.mergeable[number] for number in self.cleaned_data["others"])]

    def carry_out(self, by: User) -> Lease:
        return services.merge_leases(leases=self.leases(), terms=self.successors()[0], by=by, **self.said())


class SplitForm(SuccessorForm):
    """Up to MOST_PARTS leases that follow, with fields of their own: `unit_1`, `area_m2_1`, …; two at least."""

    act = LeaseAct.SPLIT

    def __init__(self, data: Any = None, *, lease: Lease):
        super().__init__(data, lease=lease)
        numbers = lineage.suggested_numbers(lease, MOST_PARTS)
        for name in ("area_m2", "price_per_m2_day", "number"):
            del self.fields[name]
        for place, number in enumerate(numbers, 1):
            self._add_part(place, number)
        self.order_fields(["day", *(name for name in self.fields if name[-1].isdigit())])

    def _add_part(self, place: int, number: str) -> None:
        words = {"place": place}
        fields: dict[str, forms.Field] = {
            "unit": UnitField(label=_("Part %(place)d: unit") % words, max_length=64),
            "area_m2": _area(),
            "price_per_m2_day": _price(),
            "number": forms.CharField(max_length=64),
        }
        fields["area_m2"].label = _("Part %(place)d: area in m²") % words
        fields["price_per_m2_day"].label = _("Part %(place)d: price in yuan per m² and day") % words
        fields["number"].label = _("Part %(place)d: number of the lease") % words
        for name, field in fields.items():
            field.required = place <= 2
            self.fields[f"{name}_{place}"] = field
        self.initial[f"number_{place}"] = number
        self.initial[f"price_per_m2_day_{place}"] = self.lease.price_per_m2_day
        if place == 1:
            self.initial["unit_1"] = self.lease.unit.code

    def clean(self) -> dict[str, Any]:
        """A part is named whole, or not at all."""
        said = super().clean() or self.cleaned_data
        for place in range(3, MOST_PARTS + 1):
            for name in ("area_m2", "price_per_m2_day", "number"):
                key = f"{name}_{place}"
                if said.get(f"unit_{place}") and key not in self.errors and said.get(key) in (None, ""):
                    self.add_error(key, forms.Field.default_error_messages["required"])
        return said

    def successors(self) -> list[Terms]:
        said = self.cleaned_data
        return [
            Terms(
                said[f"number_{place}"], said[f"unit_{place}"], said[f"area_m2_{place}"],
                said[f"price_per_m2_day_{place}"], said["last_day"],
            )
            for place in range(1, MOST_PARTS + 1)
            if said.get(f"unit_{place}")
        ]  # fmt: skip

    def carry_out(self, by: User) -> Lease:
        return services.split_lease(lease=self.lease, parts=self.successors(), by=by, **self.said())[0]


class EndForm(ActForm):
    """The company leaves before the agreed day."""

    last_day = _day(_("Last day"), _("The company's last day in the unit."))
    notice_by = forms.ChoiceField(label=_("Who gave notice"), choices=NoticeBy.choices)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}), help_text=_("The company reads it.")
    )

    def plan(self) -> Plan:
        return plans.ending(self.lease, self.cleaned_data["last_day"])

    def carry_out(self, by: User) -> Lease:
        return services.end_lease(lease=self.lease, by=by, **self.cleaned_data)


def _as_long(lease: Lease, first: Day | None) -> Day | None:
    """The last day of a term that begins on `first` and lasts as many days as the lease; None where either is open."""
    if first is None:
        return None
    return first + (lease.term.upper - lease.term.lower) - DAY
