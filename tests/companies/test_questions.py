"""The questionnaire of the zone: questions added, worded anew, retired without a developer; answers with words."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from companies.models import Answer, Question, Report, Wording
from companies.records.forms import stamp
from companies.services import questions, reports
from core.errors import Conflict, Incomplete, NotAllowed
from tests.factories import ReportFactory

END = dt.date(2026, 3, 31)
TEXTS = {"text_en": "Patents held", "text_zh": "有效专利数", "text_de": "Gehaltene Patente"}


@pytest.fixture
def patents(officer) -> Question:
    return questions.add_question(
        code="patents", kind="count", measure="last_day", place=10, texts={**TEXTS, "hint_en": "In force."}, by=officer
    )


def ask(officer, code, kind, measure="period", place=20) -> Question:
    return questions.add_question(code=code, kind=kind, measure=measure, place=place, texts=TEXTS, by=officer)


def enter(company, by, end=END, **answers) -> Report:
    return reports.enter_report(company=company, period_end=end, months=3, answers=answers, by=by)


def told(report) -> dict:
    return {answer.question.code: answer.value for answer in report.answers.told()}


# --- Questions


def test_a_question_speaks_the_reader_s_language(patents):
    (wording,) = patents.wordings.all()
    spoken = []
    for language in ("en", "zh-hans", "de"):
        with translation.override(language):
            spoken.append((wording.text, wording.hint))
    assert spoken == [("Patents held", "In force."), ("有效专利数", ""), ("Gehaltene Patente", "")]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "Patents"}, "code"), ({"code": "1st"}, "code"), ({"code": "a" * 41}, "code"),
        ({"kind": "date"}, "kind"),
        ({"place": 0}, None), ({"place": 1000}, None), ({"texts": {**TEXTS, "text_zh": " "}}, "text_zh"),
    ],
)  # fmt: skip
def test_a_malformed_question_is_refused(officer, values, field):
    with pytest.raises(Incomplete) as refused:
        questions.add_question(**{"code": "a", "kind": "count", "place": 1, "texts": TEXTS, "by": officer, **values})
    assert field is None or field in refused.value.fields
    assert not Question.objects.exists()


def test_a_code_is_given_once(officer, patents):
    with pytest.raises(Conflict, match="Another question has this code"):
        ask(officer, "patents", "text")


@pytest.mark.parametrize("who", ["alice", "approver", "treasurer", "auditor"])
def test_only_officers_change_the_questionnaire(company, request, patents, who):
    by = request.getfixturevalue(who)
    for act in (
        lambda: ask(by, "works", "count"),
        lambda: questions.change_question(question=patents, place=1, texts=TEXTS, by=by),
        lambda: questions.retire_question(question=patents, by=by),
        lambda: questions.ask_again(question=patents, by=by),
        lambda: questions.add_usual(by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_usual_questions_are_added_once(officer, patents):
    assert questions.add_usual(by=officer) == 4
    assert questions.add_usual(by=officer) == 0
    assert list(Question.objects.values_list("code", flat=True)) == [
        "patents", "jobs_created", "products", "works", "funding",
    ]  # fmt: skip


def test_an_answer_keeps_the_words_that_it_answered(company, alice, officer, patents):
    report = enter(company, alice, patents=3)
    questions.change_question(
        question=patents, place=5, texts={**TEXTS, "text_en": "Patents granted", "hint_en": "In force."}, by=officer
    )
    again = enter(company, alice, end=dt.date(2026, 6, 30), patents=4)
    assert [one.answers.get().wording.text for one in (report, again)] == ["Patents held", "Patents granted"]
    questions.change_question(question=patents, place=7, texts=_newest(patents), by=officer)
    assert (Wording.objects.count(), Question.objects.get().place) == (2, 7)
    reports.change_report(report=report, figures={}, answers={"patents": 3}, by=alice)
    assert report.answers.get().wording.number == 1
    reports.change_report(report=report, figures={}, answers={"patents": 2}, by=alice)
    assert report.answers.get().wording.number == 2


def _newest(question) -> dict[str, str]:
    wording = Wording.objects.filter(question=question).latest("number")
    return {name: getattr(wording, name) for name in questions.TEXTS}


def test_a_retired_question_is_not_asked_and_stays_readable(company, alice, officer, patents, signed_in):
    report = enter(company, alice, patents=3)
    questions.retire_question(question=patents, by=officer)
    page = signed_in(alice).get(reverse("companies:report", args=[report.pk])).content.decode()
    assert "Patents held" in page
    form = signed_in(alice).get(reverse("companies:report_change", args=[report.pk])).context["form"]
    assert "answer_patents" not in form.fields
    with pytest.raises(Incomplete, match="no longer asks “patents”"):
        reports.change_report(report=report, figures={}, answers={"patents": 4}, by=alice)
    reports.change_report(report=report, figures={"employees": 4}, by=alice)
    assert told(report) == {"patents": 3}
    assert told(enter(company, alice, end=dt.date(2026, 6, 30))) == {}
    with pytest.raises(Conflict, match="is retired already"):
        questions.retire_question(question=patents, by=officer)
    questions.ask_again(question=patents, by=officer)
    assert told(reports.change_report(report=report, figures={}, answers={"patents": 4}, by=alice)) == {"patents": 4}
    with pytest.raises(Conflict, match="is asked already"):
        questions.ask_again(question=patents, by=officer)


# --- Answers


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("count", 0, 0), ("count", 12, 12), ("amount", Decimal("0.01"), Decimal("0.01")), ("yes_no", False, False),
        ("text", " Games. ", "Games."), ("text", "  ", None), ("count", None, None),
    ],
)  # fmt: skip
def test_answers_are_kept_as_their_kind_is(company, alice, officer, kind, value, kept):
    ask(officer, "works", kind)
    report = enter(company, alice, works=value)
    report.refresh_from_db()
    assert told(report) == {"works": kept}
    assert type(told(report)["works"]) is type(kept)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("count", -1), ("count", Decimal("1.5")), ("count", True), ("amount", "1"), ("amount", Decimal("-0.01")),
        ("amount", Decimal("0.001")), ("amount", Decimal("1000000000000.01")), ("yes_no", 1), ("text", 5),
        ("text", "a" * 2001),
    ],
)  # fmt: skip
def test_a_malformed_answer_is_refused_at_its_question(company, alice, officer, kind, value):
    ask(officer, "works", kind)
    with pytest.raises(Incomplete) as refused:
        enter(company, alice, works=value)
    assert list(refused.value.fields) == ["answer_works"]
    assert not Report.objects.exists()


def test_an_unknown_question_is_refused(company, alice):
    with pytest.raises(Incomplete, match="asks no question “works”"):
        enter(company, alice, works=1)


def test_an_answer_may_be_corrected_to_unknown_and_the_history_tells_it(company, alice, officer, patents, signed_in):
    report = enter(company, alice, patents=3)
    reports.change_report(report=report, figures={}, answers={"patents": None}, by=alice)
    assert (told(report), Answer.objects.count()) == ({"patents": None}, 1)
    steps = signed_in(officer).get(reverse("companies:report", args=[report.pk])).context["history"]
    assert {(step.title, step.about) for step in steps} == {("Changed", "answer Patents held"), ("Entered", "")}


def test_answers_of_the_last_day_jump_as_they_are_and_of_a_period_by_its_length(company, alice, officer, patents):
    ask(officer, "works", "count")
    ReportFactory(company=company)
    report = Report.objects.get()
    reports.change_report(report=report, figures={}, answers={"patents": 20, "works": 80}, by=officer)
    with pytest.raises(Incomplete, match=r"Patents held: 31 after 20; Patents held: 31 after 20\."):
        enter(company, alice, patents=31, works=31)
    assert enter(company, alice, patents=30, works=30)


# --- Pages


def test_the_form_asks_in_order_and_begins_with_what_stays(company, alice, officer, patents, signed_in):
    ask(officer, "works", "count", place=1)
    ask(officer, "partners", "text", place=30)
    enter(company, alice, patents=3, works=5, partners="Zhejiang University")
    form = signed_in(alice).get(reverse("companies:company_report_new", args=["A-001"])).context["form"]
    assert list(form.fields)[-4:] == ["answer_works", "answer_patents", "answer_partners", "jump_reason"]
    values = [form[name].value() for name in ("answer_works", "answer_patents", "answer_partners")]
    assert values == [None, 3, "Zhejiang University"]
    assert "In force. Last: 3 (quarter up to 2026-03-31)" in str(form["answer_patents"].field.help_text)


def test_answers_are_entered_and_corrected_on_the_form(company, alice, officer, patents, signed_in):
    client = signed_in(alice)
    typed = {"period_end": "2026-03-31", "months": "3", "answer_patents": "7"}
    assert client.post(reverse("companies:company_report_new", args=["A-001"]), typed).status_code == 302
    report = Report.objects.get()
    assert told(report) == {"patents": 7}
    change = reverse("companies:report_change", args=[report.pk])
    assert 'value="7"' in client.get(change).content.decode()
    wrong = client.post(change, {"months": "3", "answer_patents": "-1", "seen": stamp(report)}).content.decode()
    assert 'href="#id_answer_patents"' in wrong
    assert client.post(change, {"months": "3", "answer_patents": "8", "seen": stamp(report)}).status_code == 302
    assert told(report) == {"patents": 8}


def test_a_report_with_many_answers_takes_as_many_queries_as_one_with_few(company, alice, officer, signed_in):
    ask(officer, "works", "count")
    report, client = enter(company, alice, works=1), signed_in(officer)
    url = reverse("companies:report", args=[report.pk])
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url)
    questions.add_usual(by=officer)
    reports.change_report(report=report, figures={}, answers={"patents": 1, "products": 2}, by=officer)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_an_officer_keeps_the_questionnaire_on_pages(officer, auditor, signed_in):
    client = signed_in(officer)
    typed = {"code": "works", "kind": "count", "measure": "period", "place": "10", **TEXTS}
    assert "required" in client.post(reverse("companies:question_new"), {**typed, "text_de": ""}).content.decode()
    assert client.post(reverse("companies:question_new"), typed).status_code == 302
    change = reverse("companies:question_change", args=["works"])
    assert 'value="有效专利数"' in client.get(change).content.decode()
    assert client.post(change, {"place": "20", **TEXTS, "text_en": "Works published"}).status_code == 302
    for act, state in (("question_retire", "retired"), ("question_ask_again", "asked")):
        page = client.post(reverse(f"companies:{act}", args=["works"]), follow=True).content.decode()
        assert "Works published" in page
        assert f">{state}<" in page
    page = signed_in(auditor).get(reverse("companies:reporting")).content.decode()
    assert "Works published" in page
    assert "Retire" not in page


def test_the_usual_questions_are_offered_where_there_are_none(officer, signed_in):
    client, url = signed_in(officer), reverse("companies:reporting")
    assert "Add the usual questions" in client.get(url).content.decode()
    client.post(reverse("companies:questions_usual"))
    assert "Add the usual questions" not in client.get(url).content.decode()
    assert Question.objects.count() == 5
