"""Pages of suppliers, and their admission by the zone."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, sign_in_required, staff_required
from accounts.models import User
from companies.models import Company
from companies.permissions import KEEPS_REGISTER
from companies.records.parts import Act, Facts, Words
from companies.records.views import RecordPages
from core.markup import NOTHING, Tone, local_name
from core.periods import today
from core.templatetags import ui
from subsidies import permissions
from subsidies.filters import SupplierFilter
from subsidies.forms import AdmissionForm, SupplierForm, days_of
from subsidies.models import Supplier
from subsidies.services import suppliers
from subsidies.tables import SupplierTable, admission_on

OFFERED = 20


def _company(supplier: Supplier) -> str:
    return format_html("{} {}", local_name(supplier.company), supplier.company.code) if supplier.company else NOTHING


class SupplierPages(RecordPages):
    name = "supplier"
    plural = "suppliers"
    namespace = "subsidies"
    model = Supplier
    key = "code"
    columns = {"supplier": "code"}
    words = Words(
        one=gettext_lazy("Supplier"),
        many=gettext_lazy("Suppliers"),
        enter=gettext_lazy("Enter a supplier"),
        change=gettext_lazy("Correct supplier"),
        why=gettext_lazy("Vouchers share what was paid to suppliers on days on which the zone admits them."),
    )
    form = SupplierForm
    table = SupplierTable
    filters = SupplierFilter
    company = ""
    is_voidable = False

    def enter(self, values: dict[str, Any], company: Any, by: User) -> Supplier:
        del company  # one that the supplier is itself stands among the values
        return suppliers.enter_supplier(**values, by=by)

    def change(self, record: Supplier, values: dict[str, Any], by: User) -> Supplier:
        return suppliers.change_supplier(supplier=record, **values, by=by)

    def may_enter(self, user: User, company: Company | None) -> bool:
        del company
        return permissions.can_keep_suppliers(user)

    def may_change(self, user: User, record: Supplier) -> bool:
        del record
        return permissions.can_keep_suppliers(user)

    def facts(self, supplier: Supplier) -> Facts:
        return (
            (_("Name"), supplier.name),
            (_("Admitted"), ui.period(supplier.admission)),
            (_("In the register"), _company(supplier)),
        )

    def state(self, supplier: Supplier) -> tuple[str, Tone]:
        return admission_on(supplier, today())

    def acts(self, user: User, supplier: Supplier) -> list[Act]:
        if not permissions.can_admit(user, supplier):
            return []
        admit = reverse("subsidies:supplier_admit", args=[supplier.code])
        if supplier.admission is None:
            return [Act(_("Admit"), admit, icon="check")]
        return [
            Act(_("Change the admission"), admit, icon="calendar-stats"),
            Act(
                _("Take the admission back"),
                reverse("subsidies:supplier_refuse", args=[supplier.code]),
                icon="x",
                asks=_("Take the admission back?"),
                tells=_(
                    "It counts as if it had never been: nothing that companies paid this supplier is shared. To end it"
                    " on a day, change the admission instead."
                ),
                tone="danger",
            ),
        ]


PAGES = SupplierPages()


@staff_required(KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def admit(request: SignedInRequest, code: str) -> HttpResponse:
    """From which day until which the zone admits the supplier."""
    supplier = _to_admit(request, code)
    form = AdmissionForm(request.POST or None, initial=days_of(supplier) if supplier.admission else {"first": today()})
    return PAGES.form_page(
        request,
        form,
        lambda: suppliers.admit_supplier(supplier=supplier, **form.cleaned_data, by=request.user),
        title=_("Admission of %(supplier)s") % {"supplier": supplier.name},
        crumbs=PAGES.crumbs(request.user, supplier),
        lead=_("What companies paid on these days counts for vouchers."),
    )


@staff_required(KEEPS_REGISTER)
@require_POST
def refuse(request: SignedInRequest, code: str) -> HttpResponse:
    """Take the admission back as if it had never been."""
    supplier = _to_admit(request, code)
    suppliers.refuse_supplier(supplier=supplier, by=request.user)
    messages.success(request, _("The admission was taken back."))
    return redirect("subsidies:supplier", code)


@sign_in_required
@require_GET
def offer(request: SignedInRequest) -> HttpResponse:
    """Options for what is typed of a supplier's code or name."""
    words = request.GET.get("supplier", "").strip()
    seen = Supplier.objects.visible_to(request.user)
    found = SupplierFilter({"q": words}, seen).qs.order_by("name", "code")[:OFFERED] if words else []
    return render(request, "subsidies/_supplier_options.html", {"suppliers": found})


def _to_admit(request: SignedInRequest, code: str) -> Any:
    supplier = PAGES.fetch(request.user, code)
    if not permissions.can_admit(request.user, supplier):
        raise PermissionDenied
    return supplier
