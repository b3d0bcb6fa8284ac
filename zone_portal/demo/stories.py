"""What can happen to a company in a zone, each as often as the demo zone shows it. All cases of the policy occur.

A story draws the days of one company: when it registered, when it operated, and its stays. A stay is an unbroken time
in one unit under one lease or several that follow each other.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from zone_portal.demo.calendar import DAY, Present, shift

WINDOW_MONTHS = 36  # of the default policy's rent relief: the stories of its end aim at it
Term = tuple[dt.date, dt.date | None]


@dataclass(frozen=True)
class Stay:
    """`scale` says how large the unit is to be, measured by what a company of that stage usually takes."""

    terms: tuple[Term, ...]
    scale: float = 1.0

    @property
    def first_day(self) -> dt.date:
        return self.terms[0][0]

    @property
    def last_day(self) -> dt.date | None:
        return self.terms[-1][1]


@dataclass(frozen=True)
class Course:
    """A company's time in the zone; a day that nobody has told the zone is None."""

    stays: tuple[Stay, ...] = ()
    registered_on: dt.date | None = None
    deregistered_on: dt.date | None = None
    operating_from: dt.date | None = None
    operating_until: dt.date | None = None


@dataclass(frozen=True)
class Story:
    """`stages` are those of the companies that it happens to, by weight."""

    name: str
    companies: int
    tell: Callable[[Present], Course]
    stages: dict[str, int] = field(default_factory=lambda: {"nestling": 5, "chick": 4})
    kind: str = "company"


def tenancy(now: Present, first: dt.date, last: dt.date | None = None, *, scale: float = 1.0) -> Stay:
    """A stay in leases of one to three years, renewed until it reaches beyond today, or until `last`."""
    terms: list[Term] = []
    while True:
        end = shift(first, now.random.choice((12, 24, 24, 36))) - DAY
        if last is not None and end >= last:
            return Stay((*terms, (first, last)), scale)
        if last is None and now.random.random() < 0.08:
            return Stay((*terms, (first, None)), scale)
        terms.append((first, end))
        if last is None and end >= now.today:
            return Stay(tuple(terms), scale)
        first = end + DAY


def moving_in(now: Present, first: dt.date, *stays: Stay) -> Course:
    """The usual: registered in the weeks around the first day, operating from it."""
    weeks = dt.timedelta(days=now.random.randint(-35, 6))
    return Course(stays or (tenancy(now, first),), registered_on=min(first + weeks, now.today), operating_from=first)


def settled(most: int, least: int, *, scale: float = 1.0) -> Callable[[Present], Course]:
    """Moved in `least` to `most` months ago, and is there."""

    def tell(now: Present) -> Course:
        first = now.ago(most, least)
        return moving_in(now, first, tenancy(now, first, scale=scale))

    return tell


def relief_ends_in(least: int, most: int) -> Callable[[Present], Course]:
    """The 36 months of rent relief are over in `least` to `most` days; below zero: they are over already."""

    def tell(now: Present) -> Course:
        first = shift(now.ahead(least, most), -WINDOW_MONTHS)
        return moving_in(now, now.between(first, first))

    return tell


def takes_another_unit(now: Present) -> Course:
    """Keeps its unit and takes a second one, some a third."""
    first = now.ago(26, 9)
    second = now.between(first + 60 * DAY, now.today - 30 * DAY)
    stays = [tenancy(now, first), tenancy(now, second)]
    if now.random.random() < 0.4:
        stays.append(tenancy(now, now.between(second, now.today), scale=0.7))
    return moving_in(now, first, *stays)


def moves(now: Present) -> Course:
    """Gives its unit back and takes a larger one the next day, in the middle of a month as often as not."""
    first = now.ago(30, 10)
    last = now.between(first + 120 * DAY, now.today - 20 * DAY)
    return moving_in(now, first, tenancy(now, first, last), tenancy(now, last + DAY, scale=1.6))


def comes_back(now: Present) -> Course:
    """Moves out and, after some months, in again; the window goes on meanwhile."""
    first = now.ago(30, 14)
    last = first + now.random.randint(90, 180) * DAY
    again = last + now.random.randint(40, 160) * DAY
    return moving_in(now, first, tenancy(now, first, last), tenancy(now, again))


def leaves(now: Present) -> Course:
    """Its lease ran out and it is gone; some have closed down for good."""
    first = now.ago(32, 15)
    last = now.between(first + 150 * DAY, now.today - 10 * DAY)
    course = moving_in(now, first, tenancy(now, first, last))
    if now.random.random() < 0.5:
        return course
    return Course(course.stays, course.registered_on, last, course.operating_from, last)


def deregisters(now: Present) -> Course:
    """Moved its registration elsewhere, but still has its unit."""
    first = now.ago(24, 10)
    course = moving_in(now, first)
    gone = now.between(first + 120 * DAY, now.today - 5 * DAY)
    return Course(course.stays, course.registered_on, gone, course.operating_from)


def registers_late(now: Present) -> Course:
    """Sits in the zone for months before it is registered there: no relief for those."""
    first = now.ago(24, 8)
    late = first + now.random.randint(60, 210) * DAY
    return Course((tenancy(now, first),), registered_on=late, operating_from=first)


def registration_unknown(now: Present) -> Course:
    first = now.ago(20, 1)
    return Course((tenancy(now, first),), operating_from=first)


def operation_unknown(now: Present) -> Course:
    first = now.ago(14, 1)
    return Course((tenancy(now, first),), registered_on=first)


def signed(now: Present) -> Course:
    """Has signed a lease that begins in the next weeks."""
    first = now.ahead(6, 75)
    return Course((tenancy(now, first),), registered_on=now.ago(2, 0), operating_from=first)


def team(now: Present) -> Course:
    """Not incorporated yet: nothing to register, a room nevertheless."""
    first = now.ago(10, 0)
    return Course((tenancy(now, first, scale=0.8),), operating_from=first)


def waits_for_a_unit(now: Present) -> Course:
    """Admitted and registered, without premises so far."""
    return Course(registered_on=now.ago(3, 0))


_GROWN = {"growing": 1}
STORIES = (
    Story("new", 48, settled(12, 0)),
    Story("settled", 44, settled(28, 12)),
    Story("relief_ends_within_6_months", 10, relief_ends_in(95, 180)),
    Story("relief_ends_within_3_months", 7, relief_ends_in(32, 90)),
    Story("relief_ends_within_a_month", 4, relief_ends_in(3, 29)),
    Story("relief_is_over", 8, relief_ends_in(-125, -1), {"chick": 3, "growing": 2}),
    Story("large", 14, settled(26, 2), _GROWN),
    Story("unicorn", 2, settled(34, 20), {"unicorn": 1}),
    Story("anchor", 4, settled(40, 30), {"": 1}, kind="anchor"),
    Story("several_units", 15, takes_another_unit, {"chick": 2, "growing": 3}),
    Story("moves", 12, moves, {"chick": 3, "growing": 1}),
    Story("comes_back", 8, comes_back),
    Story("leaves", 15, leaves),
    Story("deregisters", 4, deregisters),
    Story("registers_late", 10, registers_late),
    Story("registration_unknown", 6, registration_unknown),
    Story("operation_unknown", 5, operation_unknown, {"nestling": 3, "chick": 1, "": 1}),
    Story("signed", 6, signed, {"nestling": 2, "chick": 2, "growing": 1}),
    Story("team", 12, team, {"nestling": 1}, kind="team"),
    Story("waits_for_a_unit", 6, waits_for_a_unit, {"nestling": 1}),
)


def all_courses(now: Present) -> Iterator[tuple[Story, Course]]:
    """Every company's story with its days, in the order of the stories."""
    for story in STORIES:
        for _company in range(story.companies):
            yield story, story.tell(now)
