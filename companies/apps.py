from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "companies"

    def ready(self) -> None:
        from accounts import notices
        from companies.notices import MESSAGES

        notices.register(*MESSAGES)
