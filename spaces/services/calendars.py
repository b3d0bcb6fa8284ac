"""Acts on calendar feeds: make a secret address, revoke it, and open what it leads to."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import keys
from accounts.models import User
from core import ical, records
from core.errors import Conflict, NotAllowed
from core.markup import plain_name
from spaces.feeds import own_events, room_events
from spaces.models import CalendarFeed, Room

MOST = 20


@transaction.atomic
def make_feed(*, user: User, room: Room | None) -> tuple[CalendarFeed, str]:
    """A feed and its secret, which is shown this once."""
    if room is not None and not Room.objects.visible_to(user).filter(pk=room.pk).exists():
        raise NotAllowed(_("You do not see this room."))
    if user.calendar_feeds.filter(revoked_at=None).count() >= MOST:
        raise Conflict(_("You have %(most)d calendar addresses: revoke one first.") % {"most": MOST}, code="too_many")
    new = keys.make()
    feed = CalendarFeed(user=user, room=room, prefix=new.prefix, secret_hash=keys.hash_of(new.secret))
    return records.save(feed), new.token


def revoke_feed(*, feed: CalendarFeed, by: User, now: dt.datetime) -> None:
    """Whoever has the address finds nothing there from now on."""
    if feed.user_id != by.pk:
        raise NotAllowed(_("Everybody revokes his own addresses."))
    CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=now)


def opened(token: str, *, now: dt.datetime) -> str | None:
    """The calendar behind an address; None for one that is unknown or revoked, or whose person has left."""
    prefix, _dot, secret = token.partition(".")
    if "\x00" in prefix:
        return None
    rows = CalendarFeed.objects.filter(prefix=prefix, revoked_at=None, user__is_active=True)
    feed = rows.select_related("user", "room").first()
    if feed is None or not keys.matches(secret, feed.secret_hash):
        return None
    if feed.room is None:
        return ical.calendar(own_events(feed.user, now=now), now=now, name=feed.user.display_name)
    if not Room.objects.visible_to(feed.user).filter(pk=feed.room_id).exists():
        return None
    return ical.calendar(room_events(feed.room, feed.user, now=now), now=now, name=plain_name(feed.room))
