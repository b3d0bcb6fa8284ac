"""How forms are rendered: label, hint, error, control. One place gives every widget its class and its description."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

BARE = (forms.RadioSelect, forms.CheckboxInput, forms.CheckboxSelectMultiple)


class PortalField(forms.BoundField):
    """A field of a form as our templates show it. Django itself writes `aria-invalid` and `aria-describedby`."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if not widget.is_hidden and not isinstance(widget, BARE):
            attrs["class"] = " ".join(filter(None, self._classes(widget)))
        return attrs

    def _classes(self, widget: forms.Widget) -> list[str]:
        base = "form-select" if isinstance(widget, forms.Select) else "form-control"
        return [widget.attrs.get("class", ""), base, "is-invalid" if self.errors else ""]

    @property
    def kind(self) -> str:
        """How the template lays it out: `tick` (label after the box), `choices` (one box each) or `control`."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return "choices"
        return "tick" if isinstance(widget, forms.CheckboxInput) else "control"

    @property
    def anchor(self) -> str:
        """The id that a link in the error summary points to: the control, or the fieldset of several."""
        return f"{self.auto_id}_group" if self.use_fieldset else str(self.id_for_label or self.auto_id)


class PortalRenderer(TemplatesSetting):
    field_template_name = "forms/field.html"
    bound_field_class = PortalField


class DayInput(forms.DateInput):
    """The browser's own calendar. It wants ISO days in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs, format="%Y-%m-%d")


class MonthInput(forms.DateInput):
    """A month as `YYYY-MM`."""

    input_type = "month"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs, format="%Y-%m")
