"""Places, and who has them. What may never happen is refused by the database, whoever writes."""

from spaces.models.desks import DeskMembership
from spaces.models.leases import MAX_PRICE, Lease
from spaces.models.lives import Ending, Succession
from spaces.models.offers import LeaseOffer
from spaces.models.places import MAX_AREA_M2, Building, Campus, Unit

__all__ = [
    "MAX_AREA_M2", "MAX_PRICE", "Building", "Campus", "DeskMembership", "Ending", "Lease", "LeaseOffer", "Succession",
    "Unit",
]  # fmt: skip
