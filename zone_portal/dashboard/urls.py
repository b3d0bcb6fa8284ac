"""Addresses of the pages that read every app."""

from django.urls import path

from zone_portal.dashboard import files, imports
from zone_portal.dashboard.cohorts.views import cohort_companies, cohort_comparison
from zone_portal.dashboard.landing import home, landing
from zone_portal.dashboard.leaving import views as leaving
from zone_portal.dashboard.measures import views as measures
from zone_portal.dashboard.palette import palette
from zone_portal.dashboard.styleguide import styleguide
from zone_portal.dashboard.survival.views import who_stays, who_stays_rows
from zone_portal.dashboard.views import dashboard, dashboard_rows

urlpatterns = [
    path("", landing, name="landing"),
    path("home/", home, name="home"),
    path("dashboard/", dashboard, name="dashboard"),
    path("dashboard/<slug:slug>/", dashboard_rows, name="dashboard_rows"),
    path("measures/", measures.measures, name="measures"),
    path("measures/print/", measures.measures_print, name="measures_print"),
    path("measures/keep/", measures.figures_keep, name="figures_keep"),
    path("measures/kept/", measures.kept_figures, name="kept_figures"),
    path("measures/targets/", measures.targets, name="targets"),
    path("measures/target-new/", measures.target_new, name="target_new"),
    path("measures/target-void/<int:pk>/", measures.target_void, name="target_void"),
    path("measures/industries/", measures.industries, name="industries"),
    path("figures/<uuid:public_id>/", measures.figures, name="figures"),
    path("figures/<uuid:public_id>/publish/", measures.figures_publish, name="figures_publish"),
    path("figures/<uuid:public_id>/withdraw/", measures.figures_withdraw, name="figures_withdraw"),
    path("leaving/", leaving.leaving, name="leaving"),
    path("leaving/<str:code>/", leaving.leaving_company, name="leaving_company"),
    path("leaving/<str:code>/take/", leaving.leaving_take, name="leaving_take"),
    path("leaving/<str:code>/give-back/", leaving.leaving_give_back, name="leaving_give_back"),
    path("leaving/<str:code>/done/", leaving.leaving_finish, name="leaving_finish"),
    path("who-stays/", who_stays, name="who_stays"),
    path("who-stays/companies/", who_stays_rows, name="who_stays_rows"),
    path("cohort-comparison/", cohort_comparison, name="cohort_comparison"),
    path("cohort-comparison/<int:pk>/", cohort_companies, name="cohort_companies"),
    path("files/", files.files, name="files"),
    path("files/<uuid:public_id>/", files.file, name="file"),
    path("files/<uuid:public_id>/take/", files.file_take, name="file_take"),
    path("files/<uuid:public_id>/refused/", files.file_refused, name="file_refused"),
    path("files/<uuid:public_id>/give-up/", files.file_give_up, name="file_give_up"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:public_id>/", imports.file_import, name="file_import"),
    path("palette/", palette, name="palette"),
    path("styleguide/", styleguide, name="styleguide"),
]
