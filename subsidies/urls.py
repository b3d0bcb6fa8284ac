"""Addresses of the policy, the entitlements, the statements and the runs."""

from django.urls import path

from subsidies.views import (
    certificates,
    checking,
    entitlements,
    expenses,
    interest,
    missing,
    policy,
    runs,
    statements,
    suppliers,
)
from subsidies.views.simulations import reading as simulating
from subsidies.views.simulations import trying
from subsidies.views.versions import acts, drafting, editing, reading

app_name = "subsidies"

urlpatterns = [
    path("policy/", policy.policy_page, name="policy"),
    path("policy/drafts/new/", drafting.new_draft, name="new_draft"),
    path("policy/drafts/upload/", drafting.upload_pack, name="upload_pack"),
    path("policy/versions/", reading.versions, name="versions"),
    # A version's name may hold anything, a slash too: what is more than its page comes first.
    path("policy/versions/<path:version>/differences/", reading.version_differences, name="version_differences"),
    path("policy/versions/<path:version>/pack.yaml", reading.version_pack, name="version_pack"),
    path("policy/versions/<path:version>/edit/<str:code>/", editing.edit_section, name="edit_section"),
    path("policy/versions/<path:version>/edit/<str:code>/text/", editing.save_text, name="save_text"),
    path("policy/versions/<path:version>/edit/<str:code>/confirm/", editing.confirm, name="confirm_section"),
    path("policy/versions/<path:version>/numbers/<str:name>/", editing.save_number, name="save_number"),
    path("policy/versions/<path:version>/day/", acts.change_day, name="change_day"),
    path("policy/versions/<path:version>/approve/", acts.approve, name="approve_version"),
    path("policy/versions/<path:version>/withdraw/", acts.withdraw, name="withdraw_approval"),
    path("policy/versions/<path:version>/publish/", acts.publish, name="publish_version"),
    path("policy/versions/<path:version>/discard/", acts.discard, name="discard_draft"),
    path("policy/versions/<path:version>/try/", trying.try_values, name="try_values"),
    path("policy/versions/<path:version>/simulate/", simulating.simulate, name="simulate"),
    path("policy/versions/<path:version>/simulations/", simulating.of_version, name="simulations"),
    path("policy/versions/<path:version>/", reading.version, name="version"),
    path("policy/simulations/compare/", simulating.compare, name="compare_simulations"),
    path("policy/simulations/<uuid:public_id>/", simulating.simulation, name="simulation"),
    path("runs/", runs.runs, name="runs"),
    path("runs/assess/", runs.start_assessment, name="start_assessment"),
    path("runs/bill/", runs.start_billing, name="start_billing"),
    path("runs/<uuid:public_id>/", runs.run, name="run"),
    path("statements/", statements.statements, name="statements"),
    path("statements/issue/", statements.issue, name="issue"),
    path("statements/<uuid:public_id>/", statements.statement, name="statement"),
    path("interest/", interest.interest_statements, name="interest_statements"),
    path("interest/<uuid:public_id>/", interest.interest_statement, name="interest_statement"),
    path("certificates/<uuid:public_id>/", certificates.certificate, name="certificate"),
    path("certificates/<uuid:public_id>/pdf/", certificates.certificate_pdf, name="certificate_pdf"),
    path("certificates/<uuid:public_id>/json/", certificates.certificate_json, name="certificate_json"),
    path("check/", checking.check_form, name="check_form"),
    path("check/<str:code>/", checking.check, name="check"),
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
