"""Acts on places and leases."""

from spaces.services.leases import change_lease, end_lease, sign_lease, void_lease
from spaces.services.places import add_building, add_campus, add_unit, resize_unit

__all__ = [
    "add_building", "add_campus", "add_unit", "change_lease", "end_lease", "resize_unit", "sign_lease", "void_lease",
]  # fmt: skip
