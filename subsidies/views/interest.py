"""Interest statements: the list of the staff, and one with its arithmetic. They are issued with the rent of a month."""

from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, sign_in_required, staff_required
from companies.models import Company
from companies.tables import left_out
from core.listing import turned
from subsidies import permissions
from subsidies.accruals import shown_line, stretches
from subsidies.filters import InterestFilter
from subsidies.models import InterestStatement, Recovery
from subsidies.tables import InterestTable
from subsidies.views.recoveries import settlement_form, shown


@staff_required(*permissions.SEES_MONEY)
@require_GET
def interest_statements(request: SignedInRequest) -> HttpResponse:
    """All statements of the filter with their totals."""
    found = InterestFilter(request.GET, InterestStatement.objects.visible_to(request.user))
    table = InterestTable(found.qs.select_related("company"), order_by="-month", totals=totals(found.qs))
    turned(request, table)
    return render(request, "subsidies/interest_statements.html", {"filter": found, "table": table})


def totals(found: QuerySet[InterestStatement]) -> dict[str, object]:
    """Their number and sums."""
    return found.order_by().aggregate(
        count=Count("pk"), supported=Sum("supported"), adjustment=Sum("adjustment"), payable=Sum("payable")
    )


def company_table(request: SignedInRequest, company: Company) -> InterestTable | None:
    """A company's statements, for its page of all statements; None where it has none."""
    found = InterestStatement.objects.visible_to(request.user).with_history_of(company).select_related("company")
    figures = totals(found)
    if not figures["count"]:
        return None
    table = InterestTable(found, exclude=left_out(company), order_by="-month", totals=figures, prefix="interest-")
    turned(request, table)
    return table


@sign_in_required
@require_GET
def interest_statement(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One statement with the arithmetic of each line, and what is asked back by it."""
    visible = InterestStatement.objects.visible_to(request.user).select_related("company")
    found = get_object_or_404(visible, public_id=public_id)
    permissions.refuse_staff_without_money(request.user)
    asked_back = Recovery.objects.filter(statement=found).with_companies()
    context = {
        "statement": found,
        "company": found.company,
        "lines": [shown_line(line) for line in found.lines.select_related("loan")],
        "adjustments": [(one, stretches(one.segments)) for one in found.adjustments.select_related("loan")],
        "recoveries": shown(asked_back, request.user),
        "settlement_form": settlement_form(),
    }
    return render(request, "subsidies/interest_statement.html", context)
