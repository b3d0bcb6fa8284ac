"""Forms of campuses, buildings and units, made from the fields of their models; a code is given once and stays."""

from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

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


class UnitForm(PlaceForm):
    model = Unit
    typed = ("building", "floor", "area_m2")
    once = ("code",)

    building = BuildingField()
