"""How projects, loans and repayments are read: who may see what."""

from decimal import Decimal

from django.db.models import F, OuterRef, Prefetch, Subquery, Sum
from django.db.models.functions import Coalesce

from companies.querysets import RecordsOfCompanies


class ProjectQuerySet(RecordsOfCompanies):
    pass


class LoanQuerySet(RecordsOfCompanies):
    def with_repayments(self) -> "LoanQuerySet":
        """With `valid_repayments`, a list of those that are not void, by day, in one more query."""
        repayments = self.model._meta.get_field("repayments").related_model.objects.valid().order_by("paid_on")
        return self.prefetch_related(Prefetch("repayments", repayments, to_attr="valid_repayments"))

    def with_balance(self) -> "LoanQuerySet":
        """Annotate `balance`: what is not paid back yet, in yuan."""
        repayments = self.model._meta.get_field("repayments").related_model.objects.valid().filter(loan=OuterRef("pk"))
        repaid = repayments.order_by().values("loan").annotate(sum=Sum("principal")).values("sum")
        return self.annotate(balance=F("principal") - Coalesce(Subquery(repaid), Decimal(0)))


class RepaymentQuerySet(RecordsOfCompanies):
    company_path = "loan__company"


class RoundQuerySet(RecordsOfCompanies):
    pass
