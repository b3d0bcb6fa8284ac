from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "subsidies"

    def ready(self) -> None:
        from core import outbox, runs
        from subsidies import tasks
        from subsidies.services import assessments, reactions, statements

        runs.register(assessments.KIND)
        runs.register(statements.KIND)
        outbox.register("reassess", topics=set(reactions.TOPICS), handle=tasks.reassess)
