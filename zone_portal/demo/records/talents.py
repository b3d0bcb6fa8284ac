"""Talents of all classes: long enough employed and not yet, gone again, of no class so far, without a company."""

import datetime as dt
from collections.abc import Sequence

from zone_portal.demo.calendar import DAY, Present, shift
from zone_portal.demo.companies import Company, weighted
from zone_portal.demo.records.table import Row, Table, chosen, day_since

TALENTS, WITHOUT_COMPANY = 90, 8
GRADES = {"A": 2, "B": 4, "C": 12, "D": 30, "E": 42, "": 8}
SURNAMES = "林陈王李张刘杨赵黄周吴徐孙马朱胡郭何高罗"
GIVEN = ("晓", "雨桐", "子涵", "文博", "思远", "嘉禾", "一鸣", "若溪", "景行", "清越", "致远", "明轩", "书瑶", "安然")
MONTHS = 6  # of employment that the policy asks for


def talents(register: Sequence[Company], now: Present) -> Table:
    """By code; the last ones are in nobody's employment yet."""
    employers = chosen(register, now, TALENTS * 2 // 3)
    names = now.random.sample([f"{surname}{given}" for surname in SURNAMES for given in GIVEN], TALENTS)
    rows = tuple(
        _row(number, name, now.random.choice(employers) if number <= TALENTS - WITHOUT_COMPANY else None, now)
        for number, name in enumerate(names, start=1)
    )
    return Table(("talent", "name", "class", "company", "employed_from", "employed_until"), rows)


def _row(number: int, name: str, company: Company | None, now: Present) -> Row:
    code, grade = f"TA-{number:03d}", weighted(now.random, GRADES)
    if company is None:
        return code, name, grade, "", None, None
    first = _first_day(number, company, now)
    last = now.between(first + 30 * DAY, now.today + 200 * DAY) if now.random.random() < 0.12 else None
    return code, name, grade, company.code, first, last


def _first_day(number: int, company: Company, now: Present) -> dt.date:
    """Every ninth has served the months to the day, or lacks one."""
    if number % 9 == 0:
        return shift(now.today, -MONTHS) + number % 2 * DAY
    return day_since(company, now, days=-90)
