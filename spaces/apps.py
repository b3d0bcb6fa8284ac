from django.apps import AppConfig


class SpacesConfig(AppConfig):
    name = "spaces"

    def ready(self) -> None:
        from accounts.notices import register
        from core import outbox
        from spaces import ending_notices, notices

        register(*notices.MESSAGES, *ending_notices.MESSAGES)
        outbox.register("offer-notices", topics=set(notices.TOPICS), handle=notices.tell_of_offers)
