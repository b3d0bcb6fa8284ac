from stdnum.cn import uscc

from zone_portal.demo.credit import CHENGDU_WUHOU, SERIALS, STRIDE, credit_code, organisation_check


def test_credit_codes_are_valid_and_name_their_region():
    codes = [credit_code(serial, CHENGDU_WUHOU) for serial in (0, 1, 2, 31, 150_000, SERIALS - 1)]
    assert [uscc.validate(code) for code in codes] == codes
    assert {code[2:8] for code in codes} == {"510107"}


def test_no_two_serials_share_a_code():
    assert STRIDE % 31 != 0
    assert len({credit_code(serial) for serial in range(20_000)}) == 20_000


def test_the_organisation_part_carries_its_own_check_character():
    # The example of GB 11714-1997: D2143569 with check character X.
    assert organisation_check("D2143569") == "X"
    assert all(organisation_check(code[8:16]) == code[16] for code in map(credit_code, range(500)))
