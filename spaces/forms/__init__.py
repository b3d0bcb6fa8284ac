"""Forms of leases and places."""

from spaces.forms.leases import EndLeaseForm, SignLeaseForm, TermsForm, UnitField, VoidLeaseForm, terms_of

__all__ = ["EndLeaseForm", "SignLeaseForm", "TermsForm", "UnitField", "VoidLeaseForm", "terms_of"]
