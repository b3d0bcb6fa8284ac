"""Forms of leases and places."""

from spaces.forms.leases import LettingForm, SignLeaseForm, TermsForm, UnitField, VoidLeaseForm, terms_of

__all__ = ["LettingForm", "SignLeaseForm", "TermsForm", "UnitField", "VoidLeaseForm", "terms_of"]
