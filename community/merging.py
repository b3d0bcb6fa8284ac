"""How the talents of a company are merged: whom it employs the surviving company employs."""

from django.utils.translation import gettext_lazy

from companies.merging.rules import Rule, Treatment

RULES = (Rule("community.Talent", "company", Treatment.MOVES, gettext_lazy("Talents")),)
