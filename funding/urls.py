"""Addresses of loans, repayments, projects and financing rounds. A number may hold any character, slashes too."""

from django.urls import path

from funding.views import loans, projects, rounds

app_name = "funding"

urlpatterns = [
    *loans.PAGES.urls(),
    path("repayment-new/<path:number>/", loans.repayment_new, name="repayment_new"),
    path("repayment-change/<int:pk>/", loans.repayment_change, name="repayment_change"),
    path("repayment-void/<int:pk>/", loans.repayment_void, name="repayment_void"),
    *projects.PAGES.urls(),
    path("project-score/<path:code>/", projects.project_score, name="project_score"),
    *rounds.PAGES.urls(),
]
