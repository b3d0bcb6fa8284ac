"""Addresses of the register and the reports below /api/v1/."""

from rest_framework.routers import SimpleRouter

from companies.api.views import CompanyViewSet, ReportViewSet

router = SimpleRouter()
router.register("companies", CompanyViewSet, basename="company")
router.register("reports", ReportViewSet, basename="report")

urlpatterns = router.urls
