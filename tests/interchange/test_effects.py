"""What an import does to what is on record, as the files of the register and the premises tell it."""

import pytest

from core.interchange.importing import EffectChanged
from tests.factories import CampusFactory

FILES = {
    "companies": "code,name,uscc,kind,founded_on,listed\nN-1,One,,team,,\nN-2,Two,,,2020-05-04,no\n",
    "relations": "company,other,kind,since,until\nN-1,N-2,parent,2024-01-01,2024-12-31\n",
    "units": "unit,campus,building,floor,area_m2\nU-1,Shuqiwan,A,3,250.00\n",
    "leases": "lease,company,unit,area_m2,price_per_m2_day,first_day,last_day\n"
    "L-1,N-1,U-1,250.00,3.0000,2026-01-01,2026-12-31\n",
}


@pytest.fixture
def look(bring, db):
    CampusFactory(code="Shuqiwan", name="Shuqiwan")
    for kind, content in FILES.items():
        bring(kind, content)

    def at(kind: str, content: str, **options):
        return bring(kind, content, dry_run=True, look=True, **options)

    return at


@pytest.mark.parametrize(
    ("kind", "before", "after", "changes"),
    [
        ("companies", "team,,", "company,2019-01-02,", [("kind", "team", "company"), ("founded_on", "", "2019-01-02")]),
        ("companies", ",no", ",", [("listed", "no", "")]),
        # An unknown kind is that of a company: the record says what the file does not.
        ("companies", "Two", "Two Too", [("name", "Two", "Two Too")]),
        ("relations", "2024-12-31", "", [("until", "2024-12-31", "")]),
        ("units", "250.00", "251.5", [("area_m2", "250.00", "251.50")]),
        ("leases", "2026-12-31", "2027-12-31", [("last_day", "2026-12-31", "2027-12-31")]),
    ],
)
def test_each_cell_that_changes_is_told(look, kind, before, after, changes):
    looked = look(kind, FILES[kind].replace(before, after, 1))
    assert [row[2:] for row in looked.effect.changes.rows()] == changes
    assert (looked.stored.changed, looked.stored.new) == (1, 0)


@pytest.mark.parametrize("kind", list(FILES))
def test_a_file_that_is_on_record_changes_nothing(look, kind):
    looked = look(kind, FILES[kind])
    assert looked.effect.changes.is_empty()
    assert looked.stored.new == looked.stored.changed == 0


def test_the_key_of_a_row_is_told_in_all_its_parts(look):
    looked = look("relations", FILES["relations"].replace("parent", "sibling"))
    assert looked.effect.changes.row(0) == (2, "N-1 · N-2", "kind", "parent", "sibling")


def test_what_is_not_expected_is_not_done(look, bring):
    expected = look("units", "unit,campus,building,area_m2\nU-1,Shuqiwan,A,300.00\n").effect.digest
    with pytest.raises(EffectChanged):
        bring("units", "unit,campus,building,area_m2\nU-1,Shuqiwan,A,301.00\n", expected=expected)
    assert look("units", FILES["units"]).effect.changes.is_empty()
    done = bring("units", "unit,campus,building,area_m2\nU-1,Shuqiwan,A,300.00\n", expected=expected)
    assert done.effect.digest == expected


def test_a_refused_row_is_a_part_of_what_is_expected(look, bring):
    content = "unit,campus,building,area_m2\nU-1,Shuqiwan,A,300.00\nU-2,Shuqiwan,A,{}\n"
    expected = look("units", content.format("x"), accept_valid=True).effect.digest
    with pytest.raises(EffectChanged):
        bring("units", content.format("5"), expected=expected, accept_valid=True)
