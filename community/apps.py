from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "community"

    def ready(self) -> None:
        from community import merging
        from companies.merging import rules

        rules.register(*merging.RULES)
