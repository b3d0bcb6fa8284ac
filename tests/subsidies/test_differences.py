"""Word by word: what is marked as gone and as new, in texts of words and of characters."""

import pytest

from subsidies.differences import word_diff


def marked(before: str, after: str) -> str:
    marks = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in word_diff(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("for up to 300 square metres", "for up to 250 square metres", "for up to [-300-][+250+] square metres"),
        ("免租面积最高300平方米。", "免租面积最高250平方米。", "免租面积最高[-300-][+250+]平方米。"),
        ("三年内免收办公用房租金", "两年内免收办公用房租金", "[-三-][+两+]年内免收办公用房租金"),
        ("drei Jahre lang keine Miete", "drei Jahre lang halbe Miete", "drei Jahre lang [-keine-][+halbe+] Miete"),
        ("a b c d e f", "a x y d e f", "a [-b c-][+x y+] d e f"),
        ("the same words", "the same words and more", "the same words[+ and more+]"),
        ("all words go", "", "[-all words go-]"),
        ("", "all words come", "[+all words come+]"),
        ("same", "same", "same"),
    ],
)
def test_what_changed_is_marked_and_the_rest_is_not(before: str, after: str, expected: str):
    assert marked(before, after) == expected


def test_texts_with_little_in_common_are_shown_one_after_the_other():
    assert (
        marked("Eight points of the zone", "The board of 2026") == "[-Eight points of the zone-][+The board of 2026+]"
    )


def test_nothing_of_either_text_is_lost():
    before, after = "a  b\nc 免租 d", "a b c 免收租 d e"
    pieces = list(word_diff(before, after))
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after


def test_a_clause_of_a_novel_s_length_is_not_compared():
    assert marked("a " * 9000, "b " * 9000).startswith("[-a ")
