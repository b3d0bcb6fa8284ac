"""Acts on places and leases."""

from spaces.services.desks import change_membership, end_membership, sign_membership, void_membership
from spaces.services.leases import change_lease, sign_lease, void_lease
from spaces.services.lives import change_lease_from, end_lease, merge_leases, move_lease, renew_lease, split_lease
from spaces.services.places import add_building, add_campus, add_unit, change_campus, change_unit, rename_building

__all__ = [
    "add_building", "add_campus", "add_unit", "change_campus", "change_lease", "change_lease_from",
    "change_membership", "change_unit", "end_lease", "end_membership", "merge_leases", "move_lease",
    "rename_building", "renew_lease", "sign_lease", "sign_membership", "split_lease", "void_lease", "void_membership",
]  # fmt: skip
