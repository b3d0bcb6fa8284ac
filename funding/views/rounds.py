"""Pages of financing rounds."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from companies.records.parts import Facts, Words
from companies.records.views import RecordPages
from core.markup import NOTHING, listed, money
from core.money import round_half_up
from core.templatetags import ui
from funding import permissions
from funding.filters import RoundFilter
from funding.forms import RoundForm
from funding.models import Round
from funding.services import rounds
from funding.tables import RoundTable, of_currency


class RoundPages(RecordPages):
    name = "round"
    plural = "rounds"
    namespace = "funding"
    model = Round
    key = "pk"
    columns = {"company": "company__code", "closed_on": "closed_on", "round": "round"}
    words = Words(
        one=gettext_lazy("Financing round"),
        many=gettext_lazy("Financing rounds"),
        enter=gettext_lazy("Enter a financing round"),
        change=gettext_lazy("Correct financing round"),
        void=gettext_lazy("Declare this financing round void?"),
        none=gettext_lazy("No financing round is on record."),
        why=gettext_lazy("Stages rest on outside investment, and the highest one on the valuation of a round."),
    )
    form = RoundForm
    table = RoundTable
    filters = RoundFilter

    def enter(self, values: dict[str, Any], company: Any, by: User) -> Round:
        return rounds.enter_round(company=company, **values, by=by)

    def change(self, record: Round, values: dict[str, Any], by: User) -> Round:
        return rounds.change_round(round=record, **values, by=by)

    def void(self, record: Round, reason: str, by: User) -> Round:
        return rounds.void_round(round=record, reason=reason, by=by)

    def may_change(self, user: User, record: Round) -> bool:
        return permissions.can_enter(user, record.company)

    def facts(self, found: Round) -> Facts:
        return (
            (_("Round"), found.round),
            (_("Closed on"), ui.day(found.closed_on)),
            (_("Amount"), of_currency(found.amount, found.currency)),
            (_("Amount in yuan"), _in_yuan(found.amount, found.rate)),
            (_("Valuation after the round"), of_currency(found.post_money_valuation, found.currency)),
            (_("Valuation in yuan"), _in_yuan(found.post_money_valuation, found.rate)),
            (_("Yuan for one unit of the currency"), NOTHING if found.rate is None else f"{found.rate.normalize():f}"),
            (_("Investors"), listed(found.investor_names) or NOTHING),
        )


def _in_yuan(amount: Decimal | None, rate: Decimal | None) -> Any:
    return NOTHING if amount is None or rate is None else money(round_half_up(amount * rate))


PAGES = RoundPages()
