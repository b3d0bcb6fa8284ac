"""A list of companies and their financing rounds as an investment desk keeps it: a file of some thousand rows with the
usual dirt, and beside each row what it says.

The names are invented. Days are written in many ways, or only their year is known; amounts in 万 and 亿, M and K, with
the currency before, behind or beside them; digits are wide here and there, cities missing, names doubled. A few rows
cannot be read: which, and that no other one is refused, is known too. The same day gives the same files.
"""

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from zone_portal.demo.vocabulary import BRANDS, TRADES

SEED = "the list of 2025-09-25"
SIZE = 1_000
COMPANY_HEADER = (
    "Code",
    "Name",
    "Name ZH",
    "Kind",
    "Industry",
    "City",
    "Founded On",
    "Listed",
    "Bad Credit",
    "Country",
)
ROUND_HEADER = (
    "Company", "Closed On", "Round", "Amount", "Currency", "Investors", "Post-money Valuation", "CNY rate",
)  # fmt: skip
CITIES = ("Hangzhou", "杭州市", "Chengdu", "Shanghai", "")
COUNTRIES = ("CN", "China", "中国", "cn", "")
INVESTORS = ("Qianjiang Ventures", "西湖资本;Tide Angels", "West Lake Capital", "")
EXCEL_EPOCH = dt.date(1899, 12, 30)
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MILLION, WAN, YI = 10**6, 10**4, 10**8


@dataclass(frozen=True)
class Round:
    """A round: what it says, amounts in whole units of their currency, the rate as text; None for what nobody knows.
    `row` is how it is written; `is_good` says whether it can be read."""

    closed_on: dt.date
    name: str
    currency: str
    amount: int | None
    valuation: int | None
    rate: str | None
    row: tuple[str, ...]
    is_good: bool = True


@dataclass(frozen=True)
class Kept:
    """A company: what its row says, `founded_on` only where a day is told. `row` is how it is written; `is_good` says
    whether it can be read."""

    code: str
    name: str
    kind: str
    founded_on: dt.date | None
    listed: bool | None
    bad_credit: bool | None
    rounds: tuple[Round, ...]
    row: tuple[str, ...]
    is_good: bool = True


def kept(today: dt.date, size: int = SIZE) -> list[Kept]:
    """The companies of the list with their rounds, as of a day."""
    random = Random(f"{SEED} {today}")
    return [_company(number, today, random) for number in range(1, size + 1)]


def write_files(listed: Sequence[Kept], folder: Path) -> dict[str, Path]:
    """The two files by kind, in the order in which they are to be imported."""
    folder.mkdir(parents=True, exist_ok=True)
    rounds = (held.row for company in listed for held in company.rounds)
    return {
        "companies": _write(folder / "companies.csv", COMPANY_HEADER, (company.row for company in listed)),
        "rounds": _write(folder / "rounds.csv", ROUND_HEADER, rounds),
    }


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(header)
        writer.writerows(rows)
    return path


# --- Companies


def _company(number: int, today: dt.date, random: Random) -> Kept:
    code = f"K-{number:04}"
    brand, trade = random.choice(BRANDS), random.choice(TRADES)
    if number % 100 == 0:  # the name of the one before, once more
        brand, trade = BRANDS[number % len(BRANDS)], TRADES[0]
    elif number % 100 == 99:
        brand, trade = BRANDS[(number + 1) % len(BRANDS)], TRADES[0]
    founded = today - dt.timedelta(days=random.randint(200, 20 * 365))
    told, founded_cell = _founding(founded, random)
    kind = "team" if random.random() < 0.06 else "company"
    listed, bad_credit = (random.choices((False, True, None), (85, 5, 10))[0] for _fact in range(2))
    cells = [
        code.translate(WIDE) if number % 70 == 0 else code,
        f"{brand.latin} {trade.name} Co., Ltd.",
        f"{brand.han}{trade.name_zh}有限公司",
        random.choice((kind, kind.title(), kind.upper())),
        trade.industry,
        random.choice(CITIES),
        founded_cell,
        _yes_or_no(listed, random),
        _yes_or_no(bad_credit, random),
        random.choice(COUNTRIES),
    ]
    is_good = number % 50 != 7
    if not is_good:
        column, dirt = random.choice(((0, ""), (1, ""), (6, "spring 2015"), (6, "2015/13/1"), (7, "perhaps")))
        cells[column] = dirt
    rounds = tuple(_rounds(code, founded, today, random))
    return Kept(code, cells[1], kind, told, listed, bad_credit, rounds, tuple(cells), is_good)


def _founding(founded: dt.date, random: Random) -> tuple[dt.date | None, str]:
    """The day where it is told, and the cell: for one in four a year, a month or nothing."""
    if random.random() < 0.75:
        return founded, _day(founded, random)
    vague = (
        f"{founded:%Y}",
        f"{founded.year}年",
        f"{founded.year}年{founded.month}月",
        f"{founded:%Y/%m}",
        "",
        "N/A",
        "未知",
    )
    return None, random.choice(vague)


def _yes_or_no(value: bool | None, random: Random) -> str:
    words = {True: ("yes", "Yes", "是", "Y"), False: ("no", "No", "否", "N"), None: ("", "-", "unknown")}
    return random.choice(words[value])


DAYS: tuple[Callable[[dt.date], str], ...] = (
    lambda day: day.isoformat(),
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}.{day.month:02}.{day.day:02}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    lambda day: str((day - EXCEL_EPOCH).days),
    lambda day: day.isoformat().translate(WIDE),
    lambda day: f"{day} 00:00:00",
)


def _day(day: dt.date, random: Random) -> str:
    return random.choice(DAYS)(day)


# --- Rounds


def _rounds(code: str, founded: dt.date, today: dt.date, random: Random) -> Iterator[Round]:
    closed = founded
    for name in ("Angel", "A", "B")[: random.choices((0, 1, 2, 3), (15, 40, 30, 15))[0]]:
        closed += dt.timedelta(days=random.randint(60, 900))
        if closed > today:
            return
        yield _round(code, closed, name, random)


def _round(code: str, closed: dt.date, name: str, random: Random) -> Round:
    currency = random.choice(("CNY", "CNY", "USD"))
    unit = random.choice((100_000, MILLION, 10 * MILLION, 100 * MILLION))
    amount = random.randint(1, 90) * unit // (1 if currency == "CNY" else 5)
    valuation = random.choice((8, 12, 30)) * amount if random.random() < 0.7 else None
    if currency == "USD" and random.random() < 0.06:
        valuation = 1_000 * MILLION  # just what a unicorn has to be above
    told = amount if random.random() < 0.9 else None
    rate = f"{random.randint(63_000, 73_000) / 10_000:.4f}" if currency == "USD" and random.random() < 0.8 else None
    beside = random.random() < 0.7 or (told is None and valuation is None)
    cells = [
        code,
        _day(closed, random),
        name,
        _amount(told, currency, beside, random),
        random.choice(CURRENCY[currency]) if beside else "",
        random.choice(INVESTORS),
        _amount(valuation, currency, beside, random),
        (rate or "").translate(WIDE) if random.random() < 0.2 else rate or "",
    ]
    is_good = random.random() >= 0.03
    if not is_good:
        column, dirt = random.choice(
            ((1, f"{closed.year}年"), (1, "Q3"), (3, "数千万"), (3, "5M-10M"), (3, "about 5M"))
        )
        cells[column] = dirt
    return Round(closed, name, currency, told, valuation, rate, tuple(cells), is_good)


CURRENCY = {"CNY": ("CNY", "RMB", "人民币", "cny"), "USD": ("USD", "US$", "美元", "usd")}
NAMED: dict[str, tuple[Callable[[str], str], ...]] = {
    "CNY": (lambda told: f"RMB {told}", lambda told: f"{told}元", lambda told: f"人民币{told}"),
    "USD": (lambda told: f"US$ {told}", lambda told: f"{told} USD", lambda told: f"{told}美元"),
}
SIGNS = {"CNY": "¥", "USD": "$"}


def _amount(value: int | None, currency: str, beside: bool, random: Random) -> str:
    """The currency with it, unless another cell names it; a sign that several have only beside that."""
    if value is None:
        return random.choice(("", "undisclosed", "未披露", "-"))
    told = random.choice(_digits(value))
    if not beside:
        return random.choice(NAMED[currency])(told)
    return random.choice((told, told, f"{SIGNS[currency]}{told}", random.choice(NAMED[currency])(told)))


def _digits(value: int) -> list[str]:
    """The ways to write so much; 万 and 亿 with few decimals, M and K without a rest."""
    ways = [str(value), f"{value:,}", f"{value:,}".replace(",", "，").translate(WIDE), f"{value}.00"]
    for unit, words in ((WAN, "万"), (YI, "亿"), (MILLION, "M"), (MILLION, " million"), (1_000, "K")):
        if value * 100 % unit == 0 and value >= unit // 10:
            whole, rest = divmod(value * 100 // unit, 100)
            ways.append((f"{whole:,}" + (f".{rest:02}" if rest else "")) + words)
    return ways
