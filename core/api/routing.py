"""Addresses of rows and of acts on them, where a row's number may hold anything, a slash too."""

from rest_framework.routers import SimpleRouter


class ActsFirstRouter(SimpleRouter):
    """Tries the acts on a row before the row itself: a number takes whatever stands between the slashes, `7/void` too.
    The acts take POST alone, and give other methods back to the row of that number."""

    routes = [SimpleRouter.routes[0], SimpleRouter.routes[1], SimpleRouter.routes[3], SimpleRouter.routes[2]]
