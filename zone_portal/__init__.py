"""Composition root: settings, routes, the Celery application and the dashboard that reads every app."""

from zone_portal.celery import app as celery_app

__all__ = ["celery_app"]
