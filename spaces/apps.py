from django.apps import AppConfig


class SpacesConfig(AppConfig):
    name = "spaces"

    def ready(self) -> None:
        from accounts.notices import register
        from companies.merging import rules
        from core import outbox
        from spaces import booking_notices, ending_notices, merging, notices, tasks
        from spaces.services import waiting

        rules.register(*merging.RULES)
        register(*notices.MESSAGES, *ending_notices.MESSAGES, *booking_notices.MESSAGES)
        outbox.register("offer-notices", topics=set(notices.TOPICS), handle=notices.tell_of_offers)
        outbox.register("booking-invitations", topics=set(tasks.TELLS), handle=tasks.tell_attendees)
        outbox.register("waiting-lists", topics=set(waiting.FREES), handle=tasks.serve_waiting)
