"""Notices: told once, in the reader's language, mailed once, kept when the mail server is down."""

import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import notices, tasks
from accounts.models import Notice
from tests.factories import UserFactory

MESSAGE = notices.Message("test.happened", gettext_noop("Sign in"), "%(name)s did 100 %% of it.")


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    monkeypatch.setitem(notices.MESSAGES, MESSAGE.name, MESSAGE)


def tell(*users, key="1", url="/notices/"):
    return notices.tell(users, MESSAGE.name, context={"name": "Alice"}, url=url, dedupe_key=key)


def test_a_repeat_tells_nobody_twice(alice, bob):
    assert tell(alice, bob, alice) == 2
    tell(alice, bob)
    tell(alice, key="2")
    assert (alice.notices.count(), bob.notices.count()) == (2, 1)


def test_who_has_left_is_told_nothing(db):
    assert tell(UserFactory(is_active=False)) == 0


def test_an_unregistered_message_is_a_mistake_of_the_program(alice):
    with pytest.raises(KeyError):
        notices.tell([alice], "no.such", context={}, url="", dedupe_key="1")


def test_the_mail_follows_the_commit_with_a_link(alice, settings, monkeypatch, django_capture_on_commit_callbacks):
    settings.BASE_URL = "https://zone.example"
    monkeypatch.setattr(tasks.mail_notice, "delay", tasks.mail_notice)
    with django_capture_on_commit_callbacks(execute=True):
        tell(alice)
        assert mail.outbox == []
    (message,) = mail.outbox
    assert message.to == [alice.email]
    assert "Alice did 100 % of it." in message.body
    assert "https://zone.example/notices/" in message.body
    assert alice.notices.get().mailed_at is not None


def test_the_mail_is_in_the_reader_s_language(alice, monkeypatch):
    alice.language = "de"
    alice.save()
    seen = []
    monkeypatch.setattr(
        notices, "render_to_string", lambda *_args: seen.append(notices.translation.get_language()) or "text"
    )
    tell(alice)
    notices.mail(alice.notices.get().pk)
    assert seen == ["de"]


def test_a_notice_is_mailed_once_however_often_the_task_runs(alice):
    tell(alice)
    notice = alice.notices.get()
    assert [tasks.mail_notice(notice.pk) for _ in range(3)] == [True, False, False]
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(monkeypatch):
    user = UserFactory()
    tell(user)
    pk, sent, inside = Notice.objects.get().pk, [], threading.Event()

    def slowly(self):
        inside.set()
        sent.append(threading.get_ident())
        threading.Event().wait(0.3)

    monkeypatch.setattr("django.core.mail.EmailMessage.send", slowly)

    def work():
        try:
            notices.mail(pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    threads[0].start()
    inside.wait(timeout=5)
    threads[1].start()
    for thread in threads:
        thread.join()
    assert len(sent) == 1


def test_a_mail_server_that_is_down_leaves_the_notice_waiting(alice, monkeypatch):
    tell(alice)
    notice = alice.notices.get()

    def refuse(self):
        raise ConnectionRefusedError("down")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(ConnectionRefusedError):
            notices.mail(notice.pk)
    notice.refresh_from_db()
    assert notice.mailed_at is None
    assert notices.mail(notice.pk) is True


@pytest.mark.parametrize(("minutes", "found"), [(9, 0), (11, 1), (3 * 24 * 60 - 1, 1), (3 * 24 * 60 + 1, 0)])
def test_the_sweep_finds_what_was_left_behind_and_is_still_news(alice, monkeypatch, minutes, found):
    tell(alice)
    Notice.objects.update(created_at=timezone.now() - dt.timedelta(minutes=minutes))
    nudged = []
    monkeypatch.setattr(tasks, "nudge", lambda task, pk: nudged.append(pk))
    assert tasks.sweep_mails() == found
    assert len(nudged) == found


def test_the_page_shows_own_notices_and_marks_them_read(alice, bob, signed_in):
    tell(alice)
    client = signed_in(alice)
    page = client.get("/notices/").content.decode()
    assert "Alice did 100 % of it." in page
    assert "Notices, 1 unread" in page
    notice = alice.notices.get()
    assert signed_in(bob).post(f"/notices/{notice.pk}/").status_code == 404
    assert client.post(f"/notices/{notice.pk}/").url == "/notices/"
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert "Alice did" not in signed_in(bob).get("/notices/").content.decode()


def test_all_are_marked_read_at_once_and_keep_the_first_moment(alice, signed_in):
    tell(alice)
    tell(alice, key="2")
    client = signed_in(alice)
    client.post("/notices/read/")
    first = set(alice.notices.values_list("read_at", flat=True))
    client.post("/notices/read/")
    assert None not in first
    assert set(alice.notices.values_list("read_at", flat=True)) == first


def test_many_notices_cost_the_same_queries_as_one(alice, signed_in, django_assert_max_num_queries):
    for number in range(31):
        tell(alice, key=str(number))
    client = signed_in(alice)
    with django_assert_max_num_queries(9):
        assert 'href="?page=2"' in client.get("/notices/").content.decode()
