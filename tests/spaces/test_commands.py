"""`import_data`: what it prints and how it exits."""

import pytest
from django.core.management import CommandError, call_command

from spaces.models import Unit

HEADER = "unit,campus,building,area_m2\n"


def test_a_file_comes_in_with_a_summary(db, write, capsys):
    call_command("import_data", "units", str(write("units", HEADER + "U1,sqw,A,10\n")))
    assert "units.csv: 1 new, 0 changed, 0 unchanged." in capsys.readouterr().out


def test_a_refused_file_is_listed_and_changes_nothing(db, write, capsys):
    path = write("units", HEADER + "U1,sqw,A,10\nU2,sqw,A,x\n")
    with pytest.raises(CommandError, match="nothing was imported") as error:
        call_command("import_data", "units", str(path))
    assert error.value.returncode == 1
    assert "units.csv:3: area_m2 'x' is not a number" in capsys.readouterr().err
    assert not Unit.objects.exists()


def test_an_unknown_column_is_named_once(db, write, capsys):
    with pytest.raises(CommandError):
        call_command("import_data", "units", str(write("units", "colour," + HEADER)))
    assert "units.csv:1: colour is no column of units" in capsys.readouterr().err


def test_a_long_list_of_problems_is_cut_with_a_count(db, write, capsys):
    path = write("units", HEADER + "".join(f"U{number},sqw,A,x\n" for number in range(60)))
    with pytest.raises(CommandError, match="60 problems"):
        call_command("import_data", "units", str(path))
    assert capsys.readouterr().err.splitlines()[-1] == "… and 10 more problems"


def test_good_rows_go_in_when_asked_for(db, write, capsys):
    path = write("units", HEADER + "U1,sqw,A,10\nU2,sqw,A,x\n")
    call_command("import_data", "units", str(path), "--accept-valid")
    out = capsys.readouterr().out
    assert "1 row was refused." in out
    assert "units.refused.csv" in out
    assert Unit.objects.count() == 1


def test_a_trial_changes_nothing(db, write, capsys):
    call_command("import_data", "units", str(write("units", HEADER + "U1,sqw,A,10\n")), "--dry-run")
    assert "nothing was changed" in capsys.readouterr().out
    assert not Unit.objects.exists()


@pytest.mark.parametrize("arguments", [["cats", "cats.csv"], ["units", "none.csv"]])
def test_an_unknown_kind_and_a_missing_file_are_refused(db, arguments):
    with pytest.raises(CommandError):
        call_command("import_data", *arguments)
