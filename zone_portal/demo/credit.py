"""Unified social credit codes as a registry would hand them out (GB 32100-2015): every check character is right."""

from stdnum.cn import uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of the credit code: no I, O, S, V and Z
MARKET_REGULATOR, ENTERPRISE = "9", "1"
HANGZHOU_YUHANG, HANGZHOU_XIHU, HANGZHOU_BINJIANG = "330110", "330106", "330108"
CHENGDU_WUHOU, CHENGDU_CITY = "510107", "510100"
SERIES = "MA"  # organisation codes since 2015 begin with it
SERIAL_PLACES = 6
SERIALS = len(ALPHABET) ** SERIAL_PLACES
STRIDE = 48_271_093  # not a multiple of 31, so that no two serials below SERIALS meet; neighbours get codes far apart

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def organisation_check(body: str) -> str:
    """The check character of an organisation code's first eight characters (GB 11714-1997)."""
    total = sum(_ORGANISATION_ALPHABET.index(c) * w for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    rest = (11 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def credit_code(serial: int, region: str = HANGZHOU_YUHANG) -> str:
    """The code of an enterprise; distinct for the serials from 0 to SERIALS - 1."""
    number = serial * STRIDE % SERIALS
    places = []
    for _place in range(SERIAL_PLACES):
        number, digit = divmod(number, len(ALPHABET))
        places.append(ALPHABET[digit])
    organisation = SERIES + "".join(places)
    body = f"{MARKET_REGULATOR}{ENTERPRISE}{region}{organisation}{organisation_check(organisation)}"
    return body + str(uscc.calc_check_digit(body))
