"""Addresses of the register, the applications and the workspaces: three name spaces of one app."""

from django.urls import include, path

from companies.views import (
    applications,
    checks,
    colleagues,
    doubles,
    evidence,
    merges,
    queue,
    register,
    reporting,
    reports,
    schedule,
    workspace,
)

companies = (
    [
        path("companies/", register.companies, name="list"),
        path("companies/new/", register.create, name="create"),
        path("companies/<str:code>/", register.detail, name="detail"),
        path("companies/<str:code>/edit/", register.edit, name="edit"),
        path("companies/<str:code>/history/", register.history, name="history"),
        path("companies/<str:code>/relations/", register.relate, name="relate"),
        path("company-relations/<int:pk>/remove/", register.unrelate, name="unrelate"),
        path("company-form/duplicates/", register.duplicates, name="duplicates"),
        path("company-form/offer/", register.offer, name="offer"),
        path("companies/<str:code>/merge/", merges.propose, name="merge"),
        path("company-merges/", merges.merges, name="merges"),
        path("company-merges/<uuid:public_id>/", merges.detail, name="merge_detail"),
        path("company-merges/<uuid:public_id>/approve/", merges.approve, name="merge_approve"),
        path("company-merges/<uuid:public_id>/refuse/", merges.refuse, name="merge_refuse"),
        path("company-merges/<uuid:public_id>/withdraw/", merges.withdraw, name="merge_withdraw"),
        path("company-doubles/", doubles.doubles, name="doubles"),
        path("company-doubles/search/", doubles.search, name="doubles_search"),
        path("company-doubles/<int:pk>/take-back/", doubles.take_back, name="take_back"),
        path("company-doubles/<str:one>/<str:other>/apart/", doubles.tell_apart, name="tell_apart"),
        *checks.PAGES.urls(),
        *reports.PAGES.urls(),
        path("report-verify/<int:pk>/", reports.verify, name="report_verify"),
        path("report-unverify/<int:pk>/", reports.unverify, name="report_unverify"),
        path("report-schedule/", schedule.schedule, name="schedule"),
        path("companies/<str:code>/report-duties/", schedule.company_duties, name="company_duties"),
        path("companies/<str:code>/report-excuse/<str:period_end>/", schedule.excuse, name="report_excuse"),
        path("report-excuse-void/<int:pk>/", schedule.excuse_void, name="report_excuse_void"),
        path("reporting/", reporting.reporting, name="reporting"),
        path("reporting/rule-new/", reporting.rule_new, name="reporting_rule_new"),
        path("reporting/rule-end/<int:pk>/", reporting.rule_end, name="reporting_rule_end"),
        path("reporting/rule-void/<int:pk>/", reporting.rule_void, name="reporting_rule_void"),
        path("reporting/limits/", reporting.limits, name="reporting_limits"),
        path("reporting/question-new/", reporting.question_new, name="question_new"),
        path("reporting/questions-usual/", reporting.questions_usual, name="questions_usual"),
        path("reporting/questions/<str:code>/", reporting.question_change, name="question_change"),
        path("reporting/questions/<str:code>/retire/", reporting.question_retire, name="question_retire"),
        path("reporting/questions/<str:code>/ask-again/", reporting.question_ask_again, name="question_ask_again"),
        path("report-evidence/<int:pk>/", evidence.attach, name="report_attach"),
        path("evidence/<uuid:public_id>/", evidence.download, name="evidence"),
        path("evidence/<uuid:public_id>/take-back/", evidence.take_back, name="evidence_take_back"),
    ],
    "companies",
)

apply = (
    [
        path("applications/", queue.queue, name="queue"),
        path("applications/<uuid:public_id>/", queue.review, name="review"),
        path("applications/<uuid:public_id>/admit/", queue.admit, name="admit"),
        path("applications/<uuid:public_id>/changes/", queue.ask, name="ask"),
        path("applications/<uuid:public_id>/decline/", queue.decline, name="decline"),
        path("apply/", applications.start, name="start"),
        path("apply/<uuid:public_id>/", applications.status, name="status"),
        path("apply/<uuid:public_id>/check/", applications.check, name="check"),
        path("apply/<uuid:public_id>/withdraw/", applications.withdraw, name="withdraw"),
        path("apply/<uuid:public_id>/colleagues/", colleagues.of_application, name="colleagues"),
        path("apply/<uuid:public_id>/<slug:step>/", applications.step, name="step"),
    ],
    "applications",
)

workspaces = (
    [
        path("workspace/<str:code>/", workspace.home, name="home"),
        path("workspace/<str:code>/facts/", workspace.facts, name="facts"),
        path("workspace/<str:code>/people/", colleagues.of_company, name="people"),
        path("workspace/<str:code>/people/<int:pk>/role/", colleagues.change_role, name="role"),
        path("workspace/<str:code>/people/<int:pk>/remove/", colleagues.remove, name="remove"),
        path("workspace/<str:code>/profile/", workspace.profile, name="profile"),
        path("invitations/<uuid:public_id>/", colleagues.invitation, name="invitation"),
        path("invitations/<uuid:public_id>/revoke/", colleagues.revoke, name="revoke"),
    ],
    "workspace",
)

urlpatterns = [path("", include(companies)), path("", include(apply)), path("", include(workspaces))]
