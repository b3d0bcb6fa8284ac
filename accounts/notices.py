"""Telling people: a notice in the portal at once, a mail soon after.

The apps above register their messages at start-up and call `tell`; the text is made when it is read, in the reader's
language, from the message's name and its context. A repeat with the same `dedupe_key` tells nobody twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise

from accounts import tasks
from accounts.models import Notice, User
from core.tasks import nudge_on_commit


@dataclass(frozen=True)
class Message:
    """A kind of notice. `title` and `text` are marked for translation and filled with the notice's context, which
    `words` may turn into the reader's language first: labels of codes, amounts."""

    name: str
    title: str | Promise
    text: str | Promise
    icon: str = "bell"
    words: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict


@dataclass(frozen=True)
class News:
    """A notice to write to some people; see `tell`."""

    users: Sequence[User]
    message: str
    context: Mapping[str, Any]
    url: str
    dedupe_key: str

    def notices(self) -> list[Notice]:
        """One for each active person."""
        people = {user.pk: user for user in self.users if user.is_active}.values()
        return [
            Notice(
                user=user, message=self.message, context=dict(self.context), url=self.url, dedupe_key=self.dedupe_key
            )
            for user in people
        ]


@dataclass(frozen=True)
class Shown:
    """A notice in the present language."""

    title: str
    text: str
    icon: str


MESSAGES: dict[str, Message] = {}


def register(*messages: Message) -> None:
    """Make messages known; called from `AppConfig.ready`."""
    MESSAGES.update({message.name: message for message in messages})


def shown(notice: Notice) -> Shown:
    """The notice's words in the present language."""
    message = MESSAGES[notice.message]
    words = message.words(notice.context)
    return Shown(str(message.title) % words, str(message.text) % words, message.icon)


def tell(users: Iterable[User], message: str, *, context: Mapping[str, Any], url: str, dedupe_key: str) -> int:
    """Write a notice to each active person, mail them after the commit; returns how many were told now.

    Raises KeyError for a message that nobody registered. `context` holds primitives for the message's text.
    """
    return tell_all([News(list(users), message, context, url, dedupe_key)])


@transaction.atomic
def tell_all(news: Sequence[News]) -> int:
    """The same for many pieces of news (up to some thousand notices), in two statements."""
    for message in {one.message for one in news}:
        MESSAGES[message]
    told = Notice.objects.bulk_create([notice for one in news for notice in one.notices()], ignore_conflicts=True)
    wanted = {(notice.user_id, notice.dedupe_key) for notice in told}
    fresh = Notice.objects.filter(
        user__in={user for user, _key in wanted}, dedupe_key__in={key for _user, key in wanted}, mailed_at=None
    )
    waiting = [pk for pk, *pair in fresh.values_list("pk", "user", "dedupe_key") if tuple(pair) in wanted]
    for pk in waiting:
        nudge_on_commit(tasks.mail_notice, pk)
    return len(waiting)


def waiting(asked: Iterable[tuple[Sequence[User], str]]) -> set[str]:
    """Of pieces of news, each with its people and its `dedupe_key`, the keys of those that an active person was not
    told yet. One query: to ask before the context of a notice is made, where that costs something."""
    wanted = {(user.pk, key) for users, key in asked for user in users if user.is_active}
    known = Notice.objects.filter(
        user__in={user for user, _key in wanted}, dedupe_key__in={key for _user, key in wanted}
    )
    return {key for _user, key in wanted - set(known.values_list("user", "dedupe_key"))}


def mail(notice_id: int) -> bool:
    """Send a notice by mail unless that was done; True when this call did it.

    The claim is a conditional UPDATE in the transaction that sends: a second worker waits for it and finds it done, a
    killed one gives it back. Raises what the mail server raises; the notice then still waits.
    """
    with transaction.atomic():
        claimed = Notice.objects.filter(pk=notice_id, mailed_at=None).update(mailed_at=timezone.now())
        if not claimed:
            return False
        notice = Notice.objects.select_related("user").get(pk=notice_id)
        _message_for(notice).send()
    return True


def _message_for(notice: Notice) -> EmailMessage:
    with translation.override(notice.user.language or settings.LANGUAGE_CODE):
        words = shown(notice)
        url = f"{settings.BASE_URL}{notice.url}" if notice.url else ""
        body = render_to_string(
            "accounts/mail/notice.txt", {"person": notice.user, "words": words, "url": url, "base": settings.BASE_URL}
        )
    return EmailMessage(subject=words.title, body=body, to=[notice.user.email])
