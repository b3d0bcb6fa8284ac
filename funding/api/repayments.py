"""Repayments as a kind of record: on pages a part of their loan, to machines a list of their own."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from companies.records.kinds import RecordKind
from funding.forms import RepaymentOfLoanForm
from funding.models import Loan, Repayment
from funding.services import loans, repayments


class RepaymentKind(RecordKind):
    name = "repayment"
    plural = "repayments"
    namespace = "funding"
    model = Repayment
    key = "public_id"
    columns = {"loan": "loan__number", "paid_on": "paid_on"}
    form = RepaymentOfLoanForm
    no_owner = _("There is no loan with this number.")

    def enter(self, values: dict[str, Any], company: Loan, by: User) -> Repayment:
        return repayments.record_repayment(loan=company, **values, by=by)

    def change(self, record: Repayment, values: dict[str, Any], by: User) -> Repayment:
        return repayments.change_repayment(repayment=record, **values, by=by)

    def void(self, record: Repayment, reason: str, by: User) -> Repayment:
        return repayments.void_repayment(repayment=record, reason=reason, by=by)

    def sees_owner(self, user: User, owner: str) -> bool:
        return Loan.objects.visible_to(user).filter(number=owner).exists()

    def held(self, record: Repayment) -> Any:
        """The loan is locked first, as the services and the database's own check do."""
        loans.hold(record.loan)
        return super().held(record)
