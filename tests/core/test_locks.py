"""Advisory locks between two real connections."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from core.locks import _key, advisory_lock, lock_for_transaction, lock_numbers_for_transaction


@contextmanager
def held_elsewhere(take: Callable[[], object]) -> Iterator[None]:
    """A transaction of another connection that has done `take` and stays open for the body."""
    taken, release = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic():
            take()
            taken.set()
            release.wait(10)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert taken.wait(10)
        yield
    finally:
        release.set()
        thread.join()


def is_free(query: str, *parameters: object) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return bool(cursor.fetchone()[0])


def can_lock_number(space: str, number: int) -> bool:
    """Whether this connection could have the lock at once."""
    return is_free("SELECT pg_try_advisory_xact_lock(%s, %s)", _key(space, 4), number)


@pytest.mark.django_db(transaction=True)
def test_a_second_session_that_does_not_wait_is_told_that_the_lock_is_taken():
    with held_elsewhere(lambda: lock_for_transaction("nightly")), advisory_lock("nightly", wait=False) as acquired:
        assert not acquired
    with advisory_lock("nightly", wait=False) as acquired:
        assert acquired


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_free_again_after_an_error_in_the_body():
    with pytest.raises(ZeroDivisionError), advisory_lock("nightly"):
        raise ZeroDivisionError
    with advisory_lock("nightly", wait=False) as acquired:
        assert acquired


@pytest.mark.django_db(transaction=True)
def test_an_error_of_the_database_in_the_body_is_the_one_that_is_seen():
    with pytest.raises(Exception, match="division by zero"), advisory_lock("nightly"), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


@pytest.mark.django_db(transaction=True)
def test_numbers_of_one_space_are_locked_one_by_one():
    with held_elsewhere(lambda: lock_numbers_for_transaction("companies", [3, 1])):
        assert not can_lock_number("companies", 1)
        assert can_lock_number("companies", 2)
        assert can_lock_number("leases", 1)
    assert can_lock_number("companies", 1)


@pytest.mark.django_db(transaction=True)
def test_shared_holders_do_not_exclude_each_other():
    with held_elsewhere(lambda: lock_for_transaction("statements", shared=True)), transaction.atomic():
        lock_for_transaction("statements", shared=True)
        with advisory_lock("statements", wait=False) as acquired:
            assert not acquired


@pytest.mark.django_db(transaction=True)
def test_a_lock_for_the_transaction_is_refused_outside_one():
    with pytest.raises(RuntimeError, match="needs one"):
        lock_for_transaction("nightly")
    with pytest.raises(RuntimeError, match="needs one"):
        lock_numbers_for_transaction("companies", [1])
