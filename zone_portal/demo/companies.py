"""The companies of the demo zone: a name, a trade and identifiers for each course of days."""

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from zone_portal.demo.calendar import DAY, Present
from zone_portal.demo.credit import (
    CHENGDU_CITY,
    CHENGDU_WUHOU,
    HANGZHOU_BINJIANG,
    HANGZHOU_XIHU,
    HANGZHOU_YUHANG,
    credit_code,
)
from zone_portal.demo.names import Name, company_name, team_name
from zone_portal.demo.stories import Course, Story, all_courses
from zone_portal.demo.vocabulary import BRANDS, DATA, TRADES, Brand, Trade

REGIONS = {HANGZHOU_YUHANG: 50, HANGZHOU_XIHU: 15, HANGZHOU_BINJIANG: 10, CHENGDU_WUHOU: 18, CHENGDU_CITY: 7}
INDUSTRIES = {  # how many in a hundred; the trades of an industry share them
    "artificial intelligence": 27, "animation": 13, "games": 11, "audio and video": 12, "music": 7,
    "digital culture": 11, "chips": 4, "robotics": 4, "extended reality": 3, "digital nomad tools": 5,
    "software tools": 3,
}  # fmt: skip
COUNTRIES = {"CN": 231, "EG": 2, "DE": 1, "SG": 2, "JP": 2, "KR": 1, "FR": 1}  # Shuqiwan's first founders came from far
AGES = {  # days between the founding and the first day in the zone, from and to, by stage
    "nestling": (20, 500), "chick": (200, 1500), "growing": (1000, 3200), "unicorn": (1700, 2300), "": (60, 900),
}  # fmt: skip
FIRST_SERIAL = 26_092_500


@dataclass(frozen=True)
class Company:
    """A row of the companies file, with the story and the course that it was made from."""

    code: str
    story: str
    course: Course
    name: str
    name_zh: str
    uscc: str
    kind: str
    industry: str
    founded_on: dt.date | None
    stage: str
    listed: bool | None
    bad_credit: bool | None
    country: str
    website: str


def companies(now: Present) -> list[Company]:
    """All companies, their codes in the order in which they came to the zone."""
    courses = sorted(all_courses(now), key=lambda told: (arrival(told[1], now.today), told[0].name))
    brands = iter(now.random.sample(BRANDS, len(BRANDS)))
    anchors = _anchors()
    return [
        next(anchors)(number, story, course)
        if story.kind == "anchor"
        else _company(number, story, course, next(brands), now)
        for number, (story, course) in enumerate(courses, start=1)
    ]


def arrival(course: Course, today: dt.date) -> dt.date:
    """The first day that ties a company to the zone."""
    known = [*(stay.first_day for stay in course.stays[:1]), course.registered_on]
    return min((day for day in known if day is not None), default=today)


def weighted(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def _trade(random: Random) -> Trade:
    industry = weighted(random, INDUSTRIES)
    return random.choice([trade for trade in TRADES if trade.industry == industry])


def _company(number: int, story: Story, course: Course, brand: Brand, now: Present) -> Company:
    random = now.random
    stage, trade, region = weighted(random, story.stages), _trade(random), weighted(random, REGIONS)
    incorporated = story.kind != "team"
    name = company_name(brand, trade, region, random) if incorporated else team_name(brand, trade, random)
    low, high = AGES[stage]
    first = min(filter(None, (arrival(course, now.today), course.registered_on)))
    return Company(
        code=f"C-{number:04d}",
        story=story.name,
        course=course,
        name=name.latin,
        name_zh=name.han,
        uscc=credit_code(FIRST_SERIAL + number, region) if incorporated else "",
        kind=story.kind,
        industry=trade.industry,
        founded_on=first - random.randint(low, high) * DAY if incorporated else None,
        stage=stage,
        listed=False if incorporated and random.random() < 0.9 else None,
        bad_credit=_bad_credit(random) if incorporated else None,
        country=weighted(random, COUNTRIES) if incorporated else "",
        website=name.website if random.random() < 0.6 else "",
    )


def _bad_credit(random: Random) -> bool | None:
    chance = random.random()
    return None if chance < 0.08 else chance > 0.985


def _anchors() -> Iterator["Anchor"]:
    with (DATA / "anchors.csv").open(encoding="utf-8", newline="") as lines:
        yield from (Anchor(row) for row in csv.DictReader(lines))


@dataclass(frozen=True)
class Anchor:
    """A large company that others gather around; called with its place in the register it becomes a Company."""

    row: dict[str, str]

    def __call__(self, number: int, story: Story, course: Course) -> Company:
        row = self.row
        name = Name(row["name"], row["name_zh"], f"https://{row['brand']}.example/")
        return Company(
            code=f"C-{number:04d}", story=story.name, course=course, name=name.latin, name_zh=name.han,
            uscc=credit_code(number, row["region"]), kind=story.kind, industry=row["industry"],
            founded_on=dt.date.fromisoformat(row["founded_on"]), stage="", listed=True, bad_credit=False, country="CN",
            website=name.website,
        )  # fmt: skip


@dataclass(frozen=True)
class Relation:
    company: str
    other: str
    kind: str
    since: dt.date | None


def relations(register: Sequence[Company], random: Random) -> list[Relation]:
    """Daughters and suppliers of the anchors, sisters in the same trade, and a few that one person controls."""
    anchors = [company for company in register if company.kind == "anchor"]
    others = random.sample([company for company in register if company.kind == "company"], 28)
    daughters = [Relation(c.code, random.choice(anchors).code, "parent", c.founded_on) for c in others[:12]]
    sisters = [Relation(a.code, b.code, "sibling", None) for a, b in zip(others[12:16], others[16:20], strict=True)]
    controlled = [
        Relation(a.code, b.code, "controller", a.founded_on) for a, b in zip(others[20:24], others[24:], strict=True)
    ]
    return [*daughters, *sisters, *controlled]
