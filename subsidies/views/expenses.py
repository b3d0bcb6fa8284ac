"""Pages of the costs that companies ask the zone to share."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from companies.records.parts import Facts, Words
from companies.records.views import RecordPages
from core.markup import NOTHING, money, pill
from core.templatetags import ui
from subsidies import permissions
from subsidies.filters import ExpenseFilter
from subsidies.forms import ExpenseForm
from subsidies.models import Expense, Supplier
from subsidies.services import expenses
from subsidies.tables import ExpenseTable, admission_on


def _supplier(expense: Expense) -> str:
    """With its admission on the day of the payment, which is the one that counts."""
    supplier: Supplier | None = expense.supplier
    if supplier is None:
        return NOTHING
    url = reverse("subsidies:supplier", args=[supplier.code])
    state = pill(*admission_on(supplier, expense.paid_on))
    return format_html('<a href="{}">{}</a> {}', url, supplier.name, state)


class ExpensePages(RecordPages):
    name = "expense"
    plural = "expenses"
    namespace = "subsidies"
    model = Expense
    key = "number"
    columns = {"expense": "number"}
    words = Words(
        one=gettext_lazy("Cost"),
        many=gettext_lazy("Costs"),
        enter=gettext_lazy("Enter a cost"),
        change=gettext_lazy("Correct cost"),
        void=gettext_lazy("Declare this cost void?"),
        none=gettext_lazy("No cost is on record."),
        why=gettext_lazy(
            "Settlement support, vouchers and activities rest on costs that were paid, each for one point."
        ),
    )
    form = ExpenseForm
    table = ExpenseTable
    filters = ExpenseFilter

    def enter(self, values: dict[str, Any], company: Any, by: User) -> Expense:
        return expenses.enter_expense(company=company, **values, by=by)

    def change(self, record: Expense, values: dict[str, Any], by: User) -> Expense:
        return expenses.change_expense(expense=record, **values, by=by)

    def void(self, record: Expense, reason: str, by: User) -> Expense:
        return expenses.void_expense(expense=record, reason=reason, by=by)

    def may_change(self, user: User, record: Expense) -> bool:
        return permissions.can_change_expense(user, record)

    def rows(self, rows: Any) -> Any:
        return rows.select_related("company", "supplier")

    def facts(self, expense: Expense) -> Facts:
        return (
            (_("Point"), expense.get_point_display()),
            (_("Kind"), expense.get_kind_display() or NOTHING),
            (_("Supplier"), _supplier(expense)),
            (_("Contract or invoice"), expense.contract or NOTHING),
            (_("Amount"), money(expense.amount)),
            (_("Paid on"), ui.day(expense.paid_on)),
        )


PAGES = ExpensePages()
