"""Forms of leases and places."""

from spaces.forms.leases import SignLeaseForm, TermsForm, UnitField, VoidLeaseForm, terms_of

__all__ = ["SignLeaseForm", "TermsForm", "UnitField", "VoidLeaseForm", "terms_of"]
