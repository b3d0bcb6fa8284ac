from django.apps import AppConfig

from core import checks

__all__ = ["CoreConfig", "checks"]


class CoreConfig(AppConfig):
    name = "core"
