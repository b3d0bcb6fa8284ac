"""How else people write what the format writes in one way: days, amounts, currencies, yes and no, and nothing at all.

Pure functions of one cell's text. Each gives the format's own spelling of what can mean one thing only, and None for
all else: what may mean two things is for a person to decide (docs/adr/0039).
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"\s+")

# Nothing to say: unknown and, for an end, open. "NA" is not among them: it is Namibia.
BLANKS = frozenset({"-", "--", "---", "–", "—", "/", "n/a", "#n/a", "null", "nil", "无", "暂无"})
# Unknown, which an end does not become by being left empty.
UNKNOWNS = frozenset({"?", "unknown", "undisclosed", "not disclosed", "tbd", "未知", "不详", "未披露", "保密"})

YES = frozenset({"yes", "y", "true", "是", "ja"})
NO = frozenset({"no", "n", "false", "否", "nein"})


def plain(text: str) -> str:
    """The text with full-width signs made narrow, invisible marks left out and single spaces."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))).strip()


def is_blank(text: str, *, unknown: bool = True) -> bool:
    """Whether a cell says that there is nothing to say; with `unknown` also, that nobody knows."""
    word = plain(text).casefold()
    return word in BLANKS or (unknown and word in UNKNOWNS)


def yes_or_no(text: str) -> str | None:
    word = plain(text).casefold()
    return "yes" if word in YES else "no" if word in NO else None


# --- Days

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]0?0:00(?::00(?:\.0+)?)?Z?)?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_CHINESE = re.compile(r"([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号]")
_UNBROKEN = re.compile(r"((?:18|19|20|21)[0-9][0-9])([0-9][0-9])([0-9][0-9])")
_DAY_MONTH = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -]([0-9]{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})")
_SERIAL = re.compile(r"[2-7][0-9]{4}")
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_YEAR = re.compile(r"([0-9]{4}) ?年?")
_MONTH = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})|([0-9]{4}) ?年 ?([0-9]{1,2}) ?月")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


def day(text: str) -> str | None:
    """`2015/3/1`, `2015.3.1`, `2015年3月1日`, `20150301`, `1 Mar 2015`, `March 1, 2015`, and the number by which Excel
    knows a day, `42064`, as `2015-03-01`. A day or a month first, as in `3/4/2015`, may be either."""
    told = plain(text)
    if found := _YEAR_FIRST.fullmatch(told):
        year, _mark, month, number = found.groups()
    elif found := _CHINESE.fullmatch(told) or _UNBROKEN.fullmatch(told):
        year, month, number = found.groups()
    elif found := _DAY_MONTH.fullmatch(told):
        number, month, year = found[1], _month_number(found[2]), found[3]
    elif found := _MONTH_DAY.fullmatch(told):
        month, number, year = _month_number(found[1]), found[2], found[3]
    elif _SERIAL.fullmatch(told):
        return (_EXCEL_EPOCH + dt.timedelta(days=int(told))).isoformat()
    else:
        return None
    return _iso(int(year), int(month), int(number))


def either_day(text: str) -> tuple[str | None, str | None]:
    """Of a day whose year stands last, as `3/4/2015` or `03.04.2015`, what it is with the day first and with the month
    first; None for what is no day of the calendar, both None for all else."""
    found = _YEAR_LAST.fullmatch(plain(text))
    if not found:
        return None, None
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    return _iso(year, other, one), _iso(year, one, other)


def month(text: str) -> str | None:
    """`2026年3月` and `2026/3` as `2026-03`."""
    span = _months(plain(text))
    return f"{span[0]:%Y-%m}" if span else None


def span(text: str) -> tuple[dt.date, dt.date] | None:
    """The first and the last day of a year or a month that stands where a day should; None for all else."""
    told = plain(text)
    if found := _YEAR.fullmatch(told):
        year = int(found[1])
        return (dt.date(year, 1, 1), dt.date(year, 12, 31)) if year else None
    return _months(told)


def _months(told: str) -> tuple[dt.date, dt.date] | None:
    found = _MONTH.fullmatch(told)
    if not found:
        return None
    year, number = int(found[1] or found[3]), int(found[2] or found[4])
    first = _iso(year, number, 1)
    if first is None:
        return None
    following = dt.date(year + number // 12, number % 12 + 1, 1)
    return dt.date.fromisoformat(first), following - dt.timedelta(days=1)


def _month_number(name: str) -> str:
    """The number of an English month, by three letters or all of them; "0", which no month has, for another word."""
    word = name.casefold()
    known = [number for number, full in enumerate(_MONTHS, start=1) if word in (full, full[:3])]
    return str(known[0] if known else 9 if word == "sept" else 0)


def _iso(year: int, month_: int, number: int) -> str | None:
    try:
        return dt.date(year, month_, number).isoformat()
    except ValueError:
        return None


# --- Numbers and amounts

_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_NUMBER = re.compile(rf"([-+]?)({_GROUPED})")
# English and Chinese ones, whose decimals stand behind a point: "1.234 Mio." may be a thousand times as much.
_UNITS = {
    "k": 10**3, "thousand": 10**3, "千": 10**3,
    "万": 10**4, "萬": 10**4, "w": 10**4,
    "百万": 10**6, "m": 10**6, "mn": 10**6, "mm": 10**6, "million": 10**6, "millions": 10**6,
    "千万": 10**7,
    "亿": 10**8, "億": 10**8,
    "十亿": 10**9, "b": 10**9, "bn": 10**9, "billion": 10**9, "billions": 10**9,
    "万亿": 10**12,
}  # fmt: skip
_CURRENCIES = {
    "CNY": ("cny", "rmb", "cn¥", "yuan", "元", "人民币", "人民币元", "元人民币"),
    "USD": ("usd", "us$", "u.s. dollars", "us dollars", "美元", "美金"),
    "HKD": ("hkd", "hk$", "港元", "港币"),
    "TWD": ("twd", "nt$", "新台币"),
    "SGD": ("sgd", "s$", "新加坡元", "新元"),
    "AUD": ("aud", "a$", "澳元"),
    "CAD": ("cad", "c$", "加元"),
    "EUR": ("eur", "€", "euro", "euros", "欧元"),
    "GBP": ("gbp", "£", "英镑"),
    "JPY": ("jpy", "日元", "円"),
    "KRW": ("krw", "₩", "韩元"),
    "INR": ("inr", "₹", "卢比"),
    "CHF": ("chf", "瑞士法郎"),
}
_CODES = {word: code for code, words in _CURRENCIES.items() for word in words}
# Signs of several currencies: which one is meant, something else has to say.
SHARED_SIGNS = {
    "$": frozenset({"USD", "HKD", "TWD", "SGD", "AUD", "CAD"}),
    "¥": frozenset({"CNY", "JPY"}),
}


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_CURRENCY = _any([*_CODES, *SHARED_SIGNS])
_AMOUNT = re.compile(
    rf"(?P<minus>-?)(?P<before>{_CURRENCY})? ?(?P<number>{_GROUPED})"
    rf" ?(?P<unit>{_any(_UNITS)})? ?(?P<after>{_CURRENCY})?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Amount:
    """What an amount says: the number as the format writes it, and the currencies that its sign or word may mean; all
    of them empty where it names none."""

    number: str
    currencies: frozenset[str] = frozenset()


def number(text: str, places: int) -> str | None:
    """`1,234.50` and full-width digits as `1234.50`. Three digits behind one comma may be decimals where there may be
    three of them."""
    found = _NUMBER.fullmatch(plain(text))
    if not found or _is_two_things(found[2], places):
        return None
    return ("-" if found[1] == "-" else "") + found[2].replace(",", "")


def whole(text: str) -> str | None:
    """`1,234`, `1234.0` and full-width digits as `1234`."""
    told = number(text, 0)
    return re.sub(r"\.0+$", "", told) if told else None


def amount(text: str, places: int) -> Amount | None:
    """`US$ 1.2M`, `3,000万元`, `RMB 1.5亿`, `20 million USD` as digits, and the currency that they name."""
    found = _AMOUNT.fullmatch(plain(text))
    if not found or (_is_two_things(found["number"], places) and not found["unit"]):
        return None
    named = [_meant(word) for word in (found["before"], found["after"]) if word]
    currencies = frozenset.intersection(*named) if named else frozenset()
    if named and not currencies:
        return None  # two that exclude each other
    digits = found["number"].replace(",", "")
    if found["unit"]:
        digits = _digits(Decimal(digits) * _UNITS[found["unit"].casefold()])
    return Amount(found["minus"] + digits, currencies)


def currency(text: str) -> str | None:
    """`RMB`, `人民币`, `US$` as the three letters of the code; None for a sign that several have."""
    return _CODES.get(plain(text).casefold())


def _meant(word: str) -> frozenset[str]:
    return SHARED_SIGNS.get(word) or frozenset({_CODES[word.casefold()]})


def _is_two_things(told: str, places: int) -> bool:
    return places > 2 and told.count(",") == 1 and "." not in told


def _digits(value: Decimal) -> str:
    """Without an exponent, and without zeros that only the unit brought behind the point."""
    told = f"{value:f}"
    return told.rstrip("0").rstrip(".") if "." in told else told


# --- Countries


def country(text: str) -> str | None:
    """A country's name in English, Chinese or German, or its code in small letters, as the code."""
    told = plain(text).casefold()
    return _countries().get(told)


@cache
def _countries() -> dict[str, str]:
    names = {"usa": "US", "u.s.": "US", "u.s.a.": "US", "uk": "GB", "korea": "KR", "south korea": "KR"}
    for language in ("en", "zh_Hans", "de"):
        for code, name in Locale.parse(language).territories.items():
            if re.fullmatch(r"[A-Z]{2}", code) and code not in ("EU", "EZ", "UN", "ZZ", "XA", "XB"):
                names.setdefault(str(name).casefold(), code)
                names.setdefault(code.casefold(), code)
    return names
