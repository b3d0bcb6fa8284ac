"""Addresses of the policy, the entitlements, the rent statements and the runs."""

from django.urls import path

from subsidies.views import entitlements, expenses, missing, policy, runs, statements, suppliers

app_name = "subsidies"

urlpatterns = [
    path("policy/", policy.policy_page, name="policy"),
    path("runs/", runs.runs, name="runs"),
    path("runs/assess/", runs.start_assessment, name="start_assessment"),
    path("runs/bill/", runs.start_billing, name="start_billing"),
    path("runs/<uuid:public_id>/", runs.run, name="run"),
    path("statements/", statements.statements, name="statements"),
    path("statements/issue/", statements.issue, name="issue"),
    path("statements/<uuid:public_id>/", statements.statement, name="statement"),
    *expenses.PAGES.urls(),
    *suppliers.PAGES.urls(),
    path("supplier-admission/<path:code>/", suppliers.admit, name="supplier_admit"),
    path("supplier-refusal/<path:code>/", suppliers.refuse, name="supplier_refuse"),
    path("supplier-offer/", suppliers.offer, name="offer_suppliers"),
    path("workspace/<str:code>/missing/", missing.missing, name="missing"),
    path("companies/<str:code>/decisions/", entitlements.company_decisions, name="company_decisions"),
    path("workspace/<str:code>/entitlements/", entitlements.entitlements, name="entitlements"),
    path("workspace/<str:code>/entitlements/summary/", entitlements.summary, name="entitlements_summary"),
    path("workspace/<str:code>/statements/", statements.company_statements, name="company_statements"),
]
