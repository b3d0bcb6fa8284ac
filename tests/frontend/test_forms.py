"""Each field of a form tells its label, its hint and its error to whoever cannot see them."""

from django import forms
from django.test import RequestFactory
from django_cotton import render_component

from core.forms import DayInput


class Answers(forms.Form):
    name = forms.CharField(label="Name", help_text="As registered.")
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "A company"), ("t", "A team")])
    since = forms.DateField(label="Since", widget=DayInput, required=False)
    agreed = forms.BooleanField(label="It is true")


def summary(form: forms.Form) -> str:
    return render_component(RequestFactory().get("/"), "error-summary", form=form)


def test_a_field_has_its_label_its_hint_and_its_class() -> None:
    html = Answers()["name"].as_field_group()
    assert '<label class="form-label" for="id_name">Name</label>' in html
    assert 'id="id_name_helptext"' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'class="form-control"' in html


def test_a_refused_field_points_to_its_error() -> None:
    html = Answers({})["name"].as_field_group()
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert "form-control is-invalid" in html


def test_choices_are_a_fieldset_with_a_legend() -> None:
    html = Answers()["kind"].as_field_group()
    assert "<legend>Kind</legend>" in html
    assert html.count("<label") == 2
    assert "form-control" not in html


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert "optional" in Answers()["since"].as_field_group()
    assert "optional" not in Answers()["name"].as_field_group()


def test_a_day_is_iso_for_the_calendar_of_the_browser() -> None:
    html = str(Answers(initial={"since": "2026-03-01"})["since"])
    assert 'type="date"' in html
    assert 'value="2026-03-01"' in html


def test_the_box_of_a_tick_stands_before_its_label() -> None:
    html = Answers()["agreed"].as_field_group()
    assert html.index("<input") < html.index("It is true")
    assert html.count("It is true") == 1


def test_each_problem_links_to_its_field() -> None:
    html = summary(Answers({}))
    for anchor in ("#id_name", "#id_kind_group", "#id_agreed"):
        assert f'href="{anchor}"' in html


def test_each_link_has_its_target() -> None:
    form = Answers({})
    page = "".join(field.as_field_group() for field in form)
    for field in form:
        assert f'id="{field.anchor}"' in page


def test_a_form_without_problems_has_no_summary() -> None:
    assert summary(Answers()).strip() == ""


def test_a_problem_of_the_whole_form_is_listed_too() -> None:
    form = Answers({"name": "x", "kind": "a", "agreed": "on"})
    form.add_error(None, "The zone is full.")
    assert "The zone is full." in summary(form)
