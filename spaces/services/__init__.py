"""Acts on places and leases."""

from spaces.services.leases import change_lease, end_lease, sign_lease, void_lease
from spaces.services.places import add_building, add_campus, add_unit, change_campus, change_unit, rename_building

__all__ = [
    "add_building", "add_campus", "add_unit", "change_campus", "change_lease", "change_unit", "end_lease",
    "rename_building", "sign_lease", "void_lease",
]  # fmt: skip
