"""Addresses of talents, support, contacts, checklists and cohorts. A talent's code may hold any character."""

from django.urls import path

from community.views import care, cohorts, deliveries, support, talents

app_name = "community"

urlpatterns = [
    *talents.PAGES.urls(),
    path("support/", support.support_packages, name="support_packages"),
    path("support/<int:pk>/", support.support_package, name="support_package"),
    path("support-new/", support.support_new, name="support_new"),
    path("support-end/<int:pk>/", support.support_end, name="support_end"),
    path("support-withdraw/<int:pk>/", support.support_withdraw, name="support_withdraw"),
    path("companies/<str:code>/support/", support.company_support, name="company_support"),
    *deliveries.PAGES.urls(),
    path("companies/<str:code>/checklist/", care.company_checklist, name="company_checklist"),
    path("companies/<str:code>/contact/", care.company_contact, name="company_contact"),
    path("companies/<str:code>/checklist/<int:pk>/", care.checklist_tick, name="checklist_tick"),
    path("companies/<str:code>/checklist/<int:pk>/open/", care.checklist_untick, name="checklist_untick"),
    path("checklists/", care.checklists, name="checklists"),
    path("checklist-new/", care.checklist_new, name="checklist_new"),
    path("checklist-change/<int:pk>/", care.checklist_change, name="checklist_change"),
    path("cohorts/", cohorts.cohorts, name="cohorts"),
    path("cohort-new/", cohorts.cohort_new, name="cohort_new"),
    path("cohorts/<int:pk>/", cohorts.cohort, name="cohort"),
    path("cohort-change/<int:pk>/", cohorts.cohort_change, name="cohort_change"),
    path("cohort-void/<int:pk>/", cohorts.cohort_void, name="cohort_void"),
    path("cohorts/<int:pk>/add/", cohorts.cohort_add, name="cohort_add"),
    path("cohorts/<int:pk>/remove/<str:code>/", cohorts.cohort_remove, name="cohort_remove"),
]
