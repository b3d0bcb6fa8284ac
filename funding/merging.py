"""How what a company has of loans, projects and financing rounds is merged. What was paid back of a loan goes with the
loan."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.merging.rules import Rule, Treatment, named
from companies.models import Company
from funding.models import Round


def _same_rounds(merged: Company, survivor: Company) -> Iterator[str]:
    known = set(Round.objects.valid().filter(company=survivor).values_list("closed_on", "round"))
    both = [one for one in Round.objects.valid().filter(company=merged) if (one.closed_on, one.round) in known]
    if both:
        rounds = named(sorted(f"{one.closed_on} {one.round}" for one in both))
        message = _(
            "Both companies have the same financing round on record: %(rounds)s. Declare one of them void first."
        )
        yield message % {"rounds": rounds}


RULES = (
    Rule("funding.Loan", "company", Treatment.MOVES, gettext_lazy("Loans")),
    Rule("funding.Project", "company", Treatment.MOVES, gettext_lazy("Projects")),
    Rule("funding.Round", "company", Treatment.MOVES, gettext_lazy("Financing rounds"), conflicts=_same_rounds),
)
