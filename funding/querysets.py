"""How projects, loans and repayments are read: who may see what."""

from django.db.models import Prefetch

from companies.querysets import RecordsOfCompanies


class ProjectQuerySet(RecordsOfCompanies):
    pass


class LoanQuerySet(RecordsOfCompanies):
    def with_repayments(self) -> "LoanQuerySet":
        """With `valid_repayments`, a list of those that are not void, by day, in one more query."""
        repayments = self.model._meta.get_field("repayments").related_model.objects.valid().order_by("paid_on")
        return self.prefetch_related(Prefetch("repayments", repayments, to_attr="valid_repayments"))


class RepaymentQuerySet(RecordsOfCompanies):
    company_path = "loan__company"
