"""Addresses of projects and loans below /api/v1/."""

from rest_framework.routers import SimpleRouter

from funding.api.views import LoanViewSet, ProjectViewSet

router = SimpleRouter()
router.register("projects", ProjectViewSet, basename="project")
router.register("loans", LoanViewSet, basename="loan")

urlpatterns = router.urls
