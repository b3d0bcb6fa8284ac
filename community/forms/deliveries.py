"""The form of support that was given: shape of what is typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.choices import COUNTED
from community.models import Delivery, SupportItem
from community.support import audience_of
from companies.records.forms import RecordForm


class DeliveryForm(RecordForm):
    """What is offered are the items that packages have or had; which of them the company had on the day, the service
    finds out. Item and day are given once: of another day is another one."""

    model = Delivery
    number = "given_on"
    typed = ("amount", "given_by", "note")
    field_order = ("company", "support", "given_on", "amount", "given_by", "note")

    support = forms.ChoiceField(label=_("Support"))

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["amount"].help_text = _("In the unit of the item: hours, days or times.")
        self.fields["given_by"].help_text = _("The mentor, the service provider, or who made the introduction.")
        self.fields["note"].widget = forms.Textarea({"rows": 4})
        self.fields["note"].help_text = _("The company reads it too.")
        if self.record is not None:
            del self.fields["support"]
        else:
            self.fields["support"].choices = _choices(options.get("company"))  # type: ignore[attr-defined]


def _choices(company: Any) -> list[tuple[str, str]]:
    items = SupportItem.objects.filter(kind__in=COUNTED, package__voided_at=None)
    if company is not None:
        items = items.filter(package__audience=audience_of(company))
    newest = items.order_by("code", "-package__valid").distinct("code")
    return [("", "–"), *((item.code, f"{item} ({item.get_unit_display()})") for item in newest)]
