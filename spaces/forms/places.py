"""Forms of campuses, buildings and units, made from the fields of their models; a code is given once and stays."""

from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from core.periods import EARLIEST, LATEST, Day
from spaces.models import Building, Campus, Unit


class PlaceForm(forms.Form):
    """Base: subclasses name the `model`, the fields `typed`, and those that only a new place is asked for (`once`)."""

    model: type[Any]
    typed: tuple[str, ...] = ()
    once: tuple[str, ...] = ()

    use_required_attribute = False

    def __init__(self, data: Any = None, *, place: Any = None, initial: dict[str, Any] | None = None):
        names = self.typed if place else (*self.once, *self.typed)
        known = {name: getattr(place, name) for name in names} if place else initial
        super().__init__(data, initial=known)
        self.fields.update({**fields_for_model(self.model, names), **self.fields})
        for name in set(self.fields) - set(names):
            del self.fields[name]
        self.order_fields(names)


class CampusForm(PlaceForm):
    model = Campus
    typed = ("name", "name_zh", "step")
    once = ("code",)


class BuildingForm(PlaceForm):
    model = Building
    typed = ("code",)
    once = ("campus",)

    campus = forms.ModelChoiceField(Campus.objects.order_by("name"), label=_("Campus"))


class BuildingField(forms.ModelChoiceField):
    """A building, named with its campus."""

    def __init__(self, **options: Any):
        found = Building.objects.select_related("campus").order_by("campus__name", "code")
        super().__init__(found, label=_("Building"), **options)

    def label_from_instance(self, building: Building) -> str:
        return f"{building.campus.name} · {building.code}"


PLACE = ("x_m", "y_m", "width_m", "depth_m")


class UnitForm(PlaceForm):
    model = Unit
    typed = ("building", "floor", "area_m2", "desks", *PLACE)
    once = ("code",)

    building = BuildingField()

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["x_m"].help_text = _(
            "The unit's place on the plan of its floor; without one it is drawn by its area."
        )


class PlanForm(forms.Form):
    """The day of a plan, past or to come; empty for the present one."""

    on = forms.DateField(label=_("On the day"), required=False)

    def __init__(self, data: Any, *, today: Day) -> None:
        super().__init__(data)
        self.today = today

    def clean_on(self) -> Day:
        day: Day = self.cleaned_data["on"] or self.today
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("The day lies between 1800 and 2199."))
        return day

    @property
    def day(self) -> Day:
        """The chosen day, or the present one while the choice is refused."""
        return self.cleaned_data["on"] if self.is_valid() else self.today
