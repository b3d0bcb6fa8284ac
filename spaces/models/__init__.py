"""Places, and who has them. What may never happen is refused by the database, whoever writes."""

from spaces.models.bookings import Booking, Series
from spaces.models.credits import Allowance
from spaces.models.day_passes import DayPass
from spaces.models.deposits import DepositMovement
from spaces.models.desks import DeskMembership
from spaces.models.feeds import Attendee, CalendarFeed
from spaces.models.leases import MAX_PRICE, Lease
from spaces.models.lives import Ending, Succession
from spaces.models.offers import LeaseOffer
from spaces.models.places import MAX_AREA_M2, Building, Campus, Unit
from spaces.models.rooms import Closure, Room
from spaces.models.waiting import WaitingEntry

__all__ = [
    "MAX_AREA_M2", "MAX_PRICE", "Allowance", "Attendee", "Booking", "Building", "CalendarFeed", "Campus", "Closure",
    "DayPass", "DepositMovement", "DeskMembership", "Ending", "Lease", "LeaseOffer", "Room", "Series", "Succession",
    "Unit", "WaitingEntry",
]  # fmt: skip
