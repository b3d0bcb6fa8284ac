"""Choices of the talents, of support and of cohorts. The codes of talents are those of the interchange formats."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TalentGrade(models.TextChoices):
    """The five classes of recognised high-level talents, as Hangzhou names them."""

    A = "A", _("class A")
    B = "B", _("class B")
    C = "C", _("class C")
    D = "D", _("class D")
    E = "E", _("class E")


class Audience(models.TextChoices):
    """Whom a list of support is for: a team has a list of its own."""

    COMPANIES = "companies", _("companies")
    TEAMS = "teams", _("teams")


class SupportKind(models.TextChoices):
    MENTORING = "mentoring", _("mentoring hours")
    ROOM_CREDITS = "room_credits", _("room credits")
    SERVICE = "service", _("service")
    INTRODUCTION = "introduction", _("introduction")
    POINT = "point", _("point of the policy")


class SupportUnit(models.TextChoices):
    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    TIMES = "times", _("times")
    CREDITS = "credits", _("credits")


class SupportPer(models.TextChoices):
    """How long an amount is to last: then it begins anew."""

    MONTH = "month", _("a month")
    YEAR = "year", _("a year")
    ONCE = "once", _("in all")


class PolicyPoint(models.TextChoices):
    """The eight points, by the codes and words of the app above that decides them."""

    SETTLEMENT = "settlement", _("settlement support")
    RENT_WAIVER = "rent_waiver", _("rent waiver")
    TALENT = "talent", _("talent award")
    LEADING_PROJECT = "leading_project", _("leading-project award")
    ANGEL_FUND = "angel_fund", _("angel fund")
    LOAN_INTEREST = "loan_interest", _("interest support")
    AI_VOUCHERS = "ai_vouchers", _("model and compute vouchers")
    ACTIVITIES = "activities", _("activities")


# What is counted when it is given. Credits of rooms are counted by the bookings, and points by the policy.
COUNTED = (SupportKind.MENTORING, SupportKind.SERVICE, SupportKind.INTRODUCTION)
