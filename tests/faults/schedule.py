"""The portal's Celery application as beat runs it, with both sweeps once a second: a test cannot wait half a minute."""

from zone_portal.celery import app

app.conf.beat_schedule = {
    name: app.conf.beat_schedule[name] | {"schedule": 1.0} for name in ("sweep-outbox", "sweep-runs")
}
