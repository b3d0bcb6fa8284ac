from datetime import date
from decimal import Decimal

import pytest

from subsidies.rules import pack
from subsidies.rules.catalogue import PARAMETERS, POINT_CODES
from subsidies.rules.errors import PackError
from subsidies.rules.parameters import Provenance
from subsidies.rules.points import POINTS
from tests.subsidies.rules.cases import PACK

TEXT = pack.DEFAULT_PACK.read_text(encoding="utf-8")


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def test_the_default_pack_is_complete():
    assert PACK.effective_from == date(2025, 9, 25)
    assert list(PACK.points) == list(POINTS) == list(POINT_CODES)
    assert list(PACK.stages) == ["nestling", "chick", "growing", "unicorn"]
    assert PACK.parameters.keys() == PARAMETERS.keys()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rent_waiver.area_m2", 300),
        ("rent_waiver.months", 36),
        ("rent_waiver.share", 100),
        ("angel_fund.yearly_budget", 50_000_000),
        ("loan_interest.principal_cap", 2_000_000),
        ("loan_interest.months", 36),
    ],
)
def test_only_what_the_zone_has_said_is_published(name, value):
    assert (PACK.parameters[name].value, PACK.parameters[name].provenance) == (value, Provenance.PUBLISHED)
    assert sum(p.provenance is Provenance.PUBLISHED for p in PACK.parameters.values()) == 6


def test_numbers_are_exact_decimals():
    assert [type(step.value) for step in PACK.parameters["lpr_1y"].steps] == [Decimal] * 13
    assert pack.loads(changed("value: 100000,", "value: 100000.01,")).parameters["settlement.cap"].value == Decimal(
        "100000.01"
    )


def test_a_pack_that_is_written_reads_the_same():
    text = pack.dumps(PACK)
    assert pack.loads(text) == PACK
    assert pack.dumps(pack.loads(text)) == text


def test_a_byte_order_mark_is_accepted(tmp_path):
    file = tmp_path / "pack.yaml"
    file.write_text(TEXT, encoding="utf-8-sig")
    assert pack.load(file) == PACK


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("policy: shuqiwan", "policy: shuqiwan\nauthor: me", "the pack has an unknown key: author"),
        ("policy: shuqiwan\n", "", "the pack lacks policy"),
        ("policy: shuqiwan", "policy: shuqiwan\npolicy: other", "the pack has the key policy twice"),
        ("policy: shuqiwan", "policy: Shu Qi", "policy cannot be 'Shu Qi'"),
        ('version: "2025.1"', "version:", "version is empty"),
        ("2025-09-25\n", "2025-9-25\n", r"effective_from is no day \(YYYY-MM-DD\): 2025-9-25"),
        ("2025-09-25\n", "2025-02-30\n", "effective_from is no day"),
        ("  rent_waiver:\n    name:", "  rent_waver:\n    name:", "points has an unknown key: rent_waver"),
        ("de: Mieterlass", "fr: Exonération", "points.rent_waiver.name has an unknown key: fr"),
        ("      de: Mieterlass\n", "", "points.rent_waiver.name lacks de"),
        ("de: Mieterlass", "de: ''", "points.rent_waiver.name.de is empty"),
        ("rent_waiver.area_m2: {", "rent_waiver.area: {", "parameters are missing: rent_waiver.area_m2"),
        ("  lpr_1y:", "  rent_waiver.x: {value: 1}\n  lpr_1y:", "parameter rent_waiver.x: no rule knows"),
        ("value: 300,", "value: 3e2,", "parameter rent_waiver.area_m2: value is no number: 3e2"),
        ("value: 300,", "value: three,", "is no number: three"),
        ("value: 300,", "value: -1,", "rent_waiver.area_m2: -1 is outside"),
        ("value: 300,", "value: 300.001,", "finer than"),
        ("value: 300,", "value: [1],", "each step is no mapping"),
        ("value: 300, unit: m2", "value: 300, unit: sqm", "its unit is m2, not sqm"),
        (
            "provenance: published, source",
            "provenance: rumoured, source",
            "provenance is one of published, adopted, assumed, not rumoured",
        ),
        ("value: 300, unit: m2, ", "value: 300, ", "parameter rent_waiver.area_m2 lacks unit"),
        (
            "value: 300, unit: m2, ",
            "value: 300, unit: m2, note: x, ",
            "parameter rent_waiver.area_m2 has an unknown key: note",
        ),
        ("value: 36, unit: months", "value: 0, unit: months", "0 is outside 1 to 1200 months"),
        (
            "{value: 80, unit: score",
            "{value: 91, unit: score",
            "leading_project.score: 91 is above leading_project.top_score, 90",
        ),
        ("from: 2019-09-20", "from: 2019-08-20", "lpr_1y: the series is not in ascending order at 2019-08-20"),
        ("- {from: 2019-08-20, value: 4.25}", "- {from: 2019-08-20, value: 104}", "lpr_1y: 104 is outside"),
    ],
)
def test_a_pack_with_a_fault_is_refused_by_name_and_place(old, new, problem):
    with pytest.raises(PackError, match=problem) as refused:
        pack.loads(changed(old, new), file="pack.yaml")
    assert refused.value.line > 0
    assert str(refused.value).startswith(f"pack.yaml:{refused.value.line}:")


def test_the_place_is_the_line_of_the_fault():
    with pytest.raises(PackError) as refused:
        pack.loads(changed("value: 300,", "value: 0.001,"))
    wanted = next(number for number, line in enumerate(TEXT.splitlines(), 1) if "rent_waiver.area_m2" in line)
    assert refused.value.line == wanted


@pytest.mark.parametrize("text", ["", "[1, 2]", "a: [", "just words", "[" * 5000, "- &a [*a]", "x" * 1_000_001])
def test_what_is_no_pack_is_refused(text):
    with pytest.raises(PackError):
        pack.loads(text)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    file = tmp_path / "pack.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PackError, match=r"pack\.yaml: is not UTF-8"):
        pack.load(file)
