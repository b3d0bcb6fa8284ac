"""Files as they come: encodings, separators, quoting, widths, and the line of each row."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from core.interchange.formulas import guarded, unguarded
from core.interchange.problems import FileRefused
from core.interchange.reading import Table, read_table


def csv(folder: Path, content: str | bytes, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path) -> Table:
    return read_table(path, lambda header: None)


def rows(path: Path) -> list[tuple]:
    return read(path).rows.rows()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_accepted(tmp_path, mark):
    table = read(csv(tmp_path, mark + "code,name\nA,灵犀\n".encode()))
    assert (table.header, table.rows.rows()) == (("code", "name"), [(2, "A", "灵犀")])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_end_as_on_any_system(tmp_path, end):
    assert rows(csv(tmp_path, f"a,b{end}1,2{end}3,4")) == [(2, "1", "2"), (3, "3", "4")]


def test_a_row_has_the_line_on_which_it_begins(tmp_path):
    assert rows(csv(tmp_path, 'a,b\n"x\ny",1\n\n ,\nz,2\n')) == [(2, "x\ny", "1"), (6, "z", "2")]


def test_cells_are_stripped_and_empty_ones_unknown(tmp_path):
    assert rows(csv(tmp_path, "a , b\n x\u3000,  \n")) == [(2, "x", None)]


def test_a_file_without_rows_is_a_table_without_rows(tmp_path):
    assert read(csv(tmp_path, "a,b\n")).rows.height == 0


def test_rows_of_another_width_are_told_with_their_line(tmp_path):
    table = read(csv(tmp_path, "a,b\n1\n1,2,3\n1,2,\n"))
    assert table.ragged.rows() == [
        (2, "", "has 1 cells, but the header has 2"),
        (3, "", "has 3 cells, but the header has 2"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        ("a,b\n1,2\n名,3\n".encode("gb18030"), 3, "is not UTF-8"),
        (b"\xff\xfea\x00,\x00b\x00", 1, "is not UTF-8"),
        ('a,b\n1,"2\n', 2, "cannot be read as CSV"),
        ('a,b\n"1"x,2\n', 2, "cannot be read as CSV"),
        ("a;b\n1;2\n", 1, "separated by commas"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(tmp_path, content, line, told):
    with pytest.raises(FileRefused) as refused:
        read(csv(tmp_path, content))
    (problem,) = refused.value.problems.rows(named=True)
    assert told in problem["reason"]
    assert problem["line"] == line


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a,b\n1,名称\n".encode("gb18030"), "looks like GBK"),
        ("a,b\n1,2\n".encode("utf-16"), "but UTF-16"),
        ("a,b\n1,é\n".encode("latin-1"), "is not UTF-8: save"),
        (b"a;b\n1;2\n", "and not by “;”"),
        (b"a\tb\n1\t2\n", "and not by tabs"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_what_it_looks_like(tmp_path, content, told):
    with pytest.raises(FileRefused) as refused:
        read(csv(tmp_path, content))
    assert told in refused.value.problems["reason"][0]


@pytest.mark.parametrize("name", ["rows.ods", "rows", "rows.txt"])
def test_other_kinds_of_files_are_refused(tmp_path, name):
    with pytest.raises(FileRefused):
        read(csv(tmp_path, "a\n1\n", name))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileRefused) as refused:
        read(tmp_path / "none.csv")
    assert refused.value.problems["reason"].to_list() == ["there is no such file"]


def workbook(path: Path, cells: dict[tuple[int, int], object]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for (row, column), value in cells.items():
            if isinstance(value, dt.date):
                sheet.write_datetime(row, column, value, day)
            else:
                sheet.write(row, column, value)
    return path


def test_a_workbook_gives_days_and_numbers_as_people_see_them(tmp_path):
    path = workbook(
        tmp_path / "rows.xlsx",
        {
            **{(0, index): name for index, name in enumerate("abcd")},
            (1, 0): "A-1",
            (1, 1): dt.date(2025, 9, 25),
            (1, 2): 3.0417,
            (1, 3): 300,
            (3, 0): "B-2",
            (3, 1): "2025-01-01",
            (3, 2): 0.1 + 0.2,
        },
    )
    assert rows(path) == [(2, "A-1", "2025-09-25", "3.0417", "300"), (4, "B-2", "2025-01-01", "0.3", None)]


@pytest.mark.parametrize("amount", ["9999999999.99", "123456789.13", "-1234567890.12", "1234567.0001"])
def test_amounts_of_a_workbook_keep_the_digits_that_excel_shows(tmp_path, amount):
    path = workbook(tmp_path / "rows.xlsx", {(0, 0): "a", (1, 0): Decimal(amount)})
    assert rows(path) == [(2, amount)]


def test_cells_to_the_right_of_a_workbooks_header_are_told(tmp_path):
    table = read(workbook(tmp_path / "rows.xlsx", {(0, 0): "a", (1, 0): "x", (2, 0): "y", (2, 1): "stray"}))
    assert table.ragged.select("line", "reason").rows() == [(3, "has cells to the right of the header")]


def test_what_is_no_workbook_is_refused(tmp_path):
    with pytest.raises(FileRefused):
        read(csv(tmp_path, "a\n1\n", "rows.xlsx"))


def test_names_that_look_like_formulas_come_back_as_they_were(tmp_path):
    names = ["=1+1", "'=1+1", "''@x", "+86 571", "-", "-5", "+5.5", "@home", "plain", "'tis", "", None]
    cells = pl.DataFrame({"a": names})
    safe = cells.select(guarded(pl.col("a")))
    assert safe["a"].to_list() == [
        "'=1+1", "''=1+1", "'''@x", "'+86 571", "'-", "-5", "+5.5", "'@home", "plain", "'tis", "", None,
    ]  # fmt: skip
    assert safe.select(unguarded(pl.col("a")))["a"].to_list() == names
