"""The three campuses of the path 0→1, 1→10, 10→∞, with their buildings, floors and units."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from spaces.choices import PathStep


@dataclass(frozen=True)
class Campus:
    """`price` is what a square metre costs a day there, from and to, in 0.01 yuan."""

    code: str
    name_zh: str
    step: PathStep
    prefix: str
    price: tuple[int, int]


@dataclass(frozen=True)
class Building:
    """Floors that are alike: `rooms` are the sizes of a floor's units, each from and to, in m²."""

    campus: Campus
    name: str
    floors: int
    rooms: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Unit:
    """What can be let; `area` in 0.01 m²."""

    code: str
    campus: Campus
    building: str
    floor: int
    area: int


SHUQIWAN = Campus("Shuqiwan", "数栖湾", PathStep.IDEA, "SQ", (120, 195))
CAMP = Campus("Hangchuang Camp", "杭创（人工智能）营", PathStep.INCUBATION, "HC", (165, 245))
CENTER = Campus("Innovation Center", "创新中心", PathStep.SCALE, "IC", (230, 380))
CAMPUSES = (SHUQIWAN, CAMP, CENTER)

_SMALL, _ROOM, _LOFT = (16, 30), (28, 52), (55, 90)
_OFFICE, _SUITE, _WING = (60, 115), (110, 190), (205, 345)
_PART, _HALF, _WHOLE = (150, 290), (310, 520), (820, 1450)

BUILDINGS = (
    *(Building(SHUQIWAN, name, 3, (_SMALL,) * 3 + (_ROOM,) * 7 + (_LOFT,) * 3 + (_OFFICE,)) for name in "ABCD"),
    *(Building(CAMP, name, 5, (_ROOM,) + (_OFFICE,) * 4 + (_SUITE,) * 2 + (_WING,)) for name in ("1", "2", "3")),
    *(Building(CENTER, name, 10, (_PART, _PART, _HALF)) for name in ("North", "South")),
    Building(CENTER, "Bridge", 6, (_WHOLE,)),
)


def units(random: Random) -> Iterator[Unit]:
    """All units of all floors, in the order of the buildings; the same for the same chance."""
    for building in BUILDINGS:
        for floor in range(1, building.floors + 1):
            for number, (low, high) in enumerate(building.rooms, start=1):
                yield Unit(
                    code=f"{building.campus.prefix}-{building.name[0]}-{floor}{number:02d}",
                    campus=building.campus,
                    building=building.name,
                    floor=floor,
                    area=random.randint(low * 100, high * 100),
                )
