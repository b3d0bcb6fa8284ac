"""How what a company has of loans and projects is merged. What was paid back of a loan goes with the loan."""

from django.utils.translation import gettext_lazy

from companies.merging.rules import Rule, Treatment

RULES = (
    Rule("funding.Loan", "company", Treatment.MOVES, gettext_lazy("Loans")),
    Rule("funding.Project", "company", Treatment.MOVES, gettext_lazy("Projects")),
)
