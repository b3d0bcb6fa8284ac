"""Addresses of the policy, the entitlements, the rent statements and the runs."""

from django.urls import path

from subsidies.views import certificates, checking, entitlements, policy, runs, statements

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
    path("certificates/<uuid:public_id>/", certificates.certificate, name="certificate"),
    path("certificates/<uuid:public_id>/pdf/", certificates.certificate_pdf, name="certificate_pdf"),
    path("certificates/<uuid:public_id>/json/", certificates.certificate_json, name="certificate_json"),
    path("check/", checking.check_form, name="check_form"),
    path("check/<str:code>/", checking.check, name="check"),
    path("companies/<str:code>/decisions/", entitlements.company_decisions, name="company_decisions"),
    path("workspace/<str:code>/entitlements/", entitlements.entitlements, name="entitlements"),
    path("workspace/<str:code>/entitlements/summary/", entitlements.summary, name="entitlements_summary"),
    path("workspace/<str:code>/statements/", statements.company_statements, name="company_statements"),
]
