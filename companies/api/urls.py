"""Addresses of the register and the reports below /api/v1/."""

from companies.api.views import CompanyViewSet, ReportViewSet
from core.api.routing import ActsFirstRouter

router = ActsFirstRouter()
router.register("companies", CompanyViewSet, basename="company")
router.register("reports", ReportViewSet, basename="report")

urlpatterns = router.urls
