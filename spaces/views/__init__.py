"""Pages of the places and leases."""

from spaces.views.pages import company_leases, lease_detail, leases, units

__all__ = ["company_leases", "lease_detail", "leases", "units"]
