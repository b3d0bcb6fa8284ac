"""Acts on places and leases."""

from spaces.services.desks import change_membership, end_membership, sign_membership, void_membership
from spaces.services.leases import change_lease, sign_lease, void_lease
from spaces.services.lives import change_lease_from, end_lease, merge_leases, move_lease, renew_lease, split_lease
from spaces.services.offers import (
    accept_offer,
    decline_offer,
    lapse_offers,
    make_offer,
    renewed_by,
    sign_offer,
    withdraw_offer,
)
from spaces.services.places import add_building, add_campus, add_unit, change_campus, change_unit, rename_building

__all__ = [
    "accept_offer", "add_building", "add_campus", "add_unit", "change_campus", "change_lease", "change_lease_from",
    "change_membership", "change_unit", "decline_offer", "end_lease", "end_membership", "lapse_offers", "make_offer",
    "merge_leases", "move_lease", "rename_building", "renew_lease", "renewed_by", "sign_lease", "sign_membership",
    "sign_offer", "split_lease", "void_lease", "void_membership", "withdraw_offer",
]  # fmt: skip
