from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "zone_portal.dashboard"
    label = "dashboard"

    def ready(self) -> None:
        from companies.merging import rules
        from zone_portal.dashboard import merging

        rules.register(*merging.RULES)
