from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "companies"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from accounts import notices
        from companies import tasks
        from companies.merging import register, rules
        from companies.models.guards import MERGED
        from companies.notices import MESSAGES
        from companies.services import likeness, schedule
        from core import errors, outbox, runs

        notices.register(*MESSAGES)
        rules.register(*register.RULES)
        runs.register(likeness.KIND)
        outbox.register("likeness", topics=set(likeness.TOPICS), handle=likeness.react)
        outbox.register("duties", topics={schedule.RULES}, handle=tasks.follow_rules)
        told = _("This company was merged into another, and nothing new is entered for it: enter it for that one.")
        errors.word(MERGED, told, code="company_merged")
