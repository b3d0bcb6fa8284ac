"""Addresses of the policy, the entitlements, the statements, the runs, the grants and the budgets."""

from django.urls import path

from subsidies.views import budgets, entitlements, grant_acts, grants, interest, policy, runs, statements

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
    path("grants/", grants.grants, name="grants"),
    path("grants/proposable/", grants.proposable, name="proposable"),
    path("grants/proposable/<uuid:public_id>/", grants.proposal, name="proposal"),
    path("grants/proposable/<uuid:public_id>/propose/", grant_acts.propose, name="propose"),
    path("grants/<uuid:public_id>/", grants.grant, name="grant"),
    path("grants/<uuid:public_id>/approve/", grant_acts.approve, name="grant_approve"),
    path("grants/<uuid:public_id>/refuse/", grant_acts.refuse, name="grant_refuse"),
    path("grants/<uuid:public_id>/withdraw/", grant_acts.withdraw, name="grant_withdraw"),
    path("grants/<uuid:public_id>/revoke/", grant_acts.revoke, name="grant_revoke"),
    path("grants/<uuid:public_id>/pay/", grant_acts.pay, name="grant_pay"),
    path("recoveries/<uuid:public_id>/confirm/", grant_acts.confirm, name="recovery_confirm"),
    path("recoveries/<uuid:public_id>/drop/", grant_acts.drop, name="recovery_drop"),
    path("recoveries/<uuid:public_id>/settle/", grant_acts.settle, name="recovery_settle"),
    path("budgets/", budgets.budgets, name="budgets"),
    path("interest/", interest.interest_statements, name="interest_statements"),
    path("interest/<uuid:public_id>/", interest.interest_statement, name="interest_statement"),
    path("companies/<str:code>/decisions/", entitlements.company_decisions, name="company_decisions"),
    path("workspace/<str:code>/entitlements/", entitlements.entitlements, name="entitlements"),
    path("workspace/<str:code>/entitlements/summary/", entitlements.summary, name="entitlements_summary"),
    path("workspace/<str:code>/statements/", statements.company_statements, name="company_statements"),
    path("workspace/<str:code>/grants/", grants.company_grants, name="company_grants"),
]
