from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "funding"

    def ready(self) -> None:
        from companies.merging import rules
        from funding import merging

        rules.register(*merging.RULES)
