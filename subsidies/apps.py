from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "subsidies"

    def ready(self) -> None:
        from accounts.notices import register
        from companies.merging import rules
        from core import outbox, runs
        from subsidies import (
            ending_notices,
            grant_notices,
            merging,
            notices,
            recovery_notices,
            rent_notices,
            stage_notices,
            tasks,
        )
        from subsidies.services import assessments, reactions, simulations, statements

        rules.register(*merging.RULES)
        rules.lock_before(merging.lock)
        runs.register(assessments.KIND)
        runs.register(statements.KIND)
        runs.register(simulations.KIND)
        register(*notices.MESSAGES, *ending_notices.MESSAGES, *grant_notices.MESSAGES, *recovery_notices.MESSAGES)
        register(*rent_notices.MESSAGES, *stage_notices.MESSAGES)
        outbox.register("reassess", topics=set(reactions.TOPICS), handle=tasks.reassess)
        outbox.register("decision-notices", topics=set(notices.TOPICS), handle=notices.tell_of_decisions)
        outbox.register("grant-notices", topics=set(grant_notices.TOPICS), handle=grant_notices.tell_of_grants)
        outbox.register(
            "recovery-notices", topics=set(recovery_notices.TOPICS), handle=recovery_notices.tell_of_recoveries
        )
        outbox.register("rent-notices", topics=set(rent_notices.TOPICS), handle=rent_notices.tell_of_rent)
        outbox.register("stage-notices", topics=set(stage_notices.TOPICS), handle=stage_notices.tell_of_stages)
