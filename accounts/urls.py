"""Addresses of accounts: what allauth serves, a person's own pages, roles and keys."""

from django.urls import include, path

from accounts import demo_views, staff_views, views

portal = (
    [
        path("notices/", views.notices, name="notices"),
        path("notices/read/", views.read_all, name="notices_read"),
        path("notices/<int:pk>/", views.open_notice, name="notice_open"),
        path("profile/", views.profile, name="profile"),
        path("staff/", staff_views.staff, name="staff"),
        path("staff/roles/<int:pk>/revoke/", staff_views.revoke_role, name="role_revoke"),
        path("keys/", staff_views.keys, name="keys"),
        path("keys/<uuid:public_id>/revoke/", staff_views.revoke_key, name="key_revoke"),
        path("demo/mail/", demo_views.mailbox, name="demo_mail"),
    ],
    "accounts",
)

urlpatterns = [
    path("", include(portal)),
    path("i18n/setlang/", views.set_language, name="set_language"),
    # Before allauth's own of the same name: ours lets the fresh second factor count for the session.
    path("accounts/2fa/totp/activate/", views.ActivateSecondFactor.as_view(), name="mfa_activate_totp"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/", include("allauth.account.urls")),
]
