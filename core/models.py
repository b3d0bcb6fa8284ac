"""The outbox of what happened, runs (long work as rows that people can watch), and files that were uploaded."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxEvent(models.Model):
    """Something that happened, written in the same transaction as the change itself.

    `topic` is noun.verb (`company.changed`), `key` the public code of the thing, `payload` small primitives.
    """

    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class OutboxDelivery(models.Model):
    """What one consumer still has to do for one event. Claimed under a row lock, kept until done."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    event = models.ForeignKey(OutboxEvent, models.CASCADE, related_name="deliveries")
    consumer = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "consumer"], name="%(app_label)s_%(class)s_once"),
        ]
        indexes = [
            # What a drain looks for; finished deliveries do not weigh on it.
            models.Index(
                fields=["consumer", "due_at"], condition=models.Q(state="waiting"), name="core_delivery_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consumer}: {self.event_id} {self.state}"


class RunState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Run(models.Model):
    """One piece of background work: what, with which arguments, how far, and how it ended.

    `dedupe_key` is unique among the runs that have not begun: asking twice gives the same run. One that has begun may
    be followed by another, for what changed behind its back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=30)
    arguments = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=8, choices=RunState, default=RunState.QUEUED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="requested_runs"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "dedupe_key"],
                condition=models.Q(state="queued") & ~models.Q(dedupe_key=""),
                name="%(app_label)s_%(class)s_queued_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class RunShard(models.Model):
    """A part of a run that any worker may take: an id range `[first, until)`.

    Claimed by a row lock that is held until its work is committed: a worker that dies gives it back at once.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="shards")
    number = models.PositiveIntegerField()
    first = models.BigIntegerField()
    until = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=RunState, default=RunState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="%(app_label)s_%(class)s_number")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"


class UploadQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "UploadQuerySet":
        """Those that the person brought himself."""
        return self.filter(created_by=user.pk)


class Upload(models.Model):
    """A file that somebody brought by the browser, until it is a week old; its content goes when it is imported.

    `findings` tell what an import of it would do, or has done (`core.uploads.findings_of`); `refused` is the file into
    which the refused rows went back. `is_tidied`: what people write in another way than the format is read too. It is
    its owner's alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=100)
    content = models.BinaryField()
    is_tidied = models.BooleanField(default=False)
    findings = models.JSONField(default=dict)
    refused = models.BinaryField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class FileImport(models.Model):
    """A file that was imported, by the browser or the command line: who, when, what file, how many rows of what.

    `about` are the codes of what its rows are about, as its kind says; null where they are too many to be remembered.
    The rows themselves are in the audit trail, under the same name and hash.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="file_imports"
    )
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    is_tidied = models.BooleanField(default=False)
    about = models.JSONField(null=True, default=list)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """What a request with an `Idempotency-Key` was answered, for a day: `caller` is the prefix of the API key, `digest`
    that of the request. The body is text, so that its members keep their order."""

    caller = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    content_type = models.CharField(max_length=60, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.caller}: {self.key}"
