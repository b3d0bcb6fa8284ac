"""Support of the demo zone: packages by stage, campus and for teams, what was given, contacts, checklists, cohorts."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from accounts.models import StaffRole, User
from community.choices import Audience, SupportKind
from community.cohorts import with_arrival
from community.models import ChecklistEntry, ChecklistTick, Contact, Delivery
from community.services import cohorts, deliveries, packages
from community.support import item_on, line_of
from companies.choices import Stage
from companies.models import Company
from core.periods import DAY, month_start, next_month, period, previous_month
from spaces.models import Campus
from zone_portal.demo.calendar import POLICY_STARTS
from zone_portal.demo.places import CENTER

SEED = "the support of the zone"
CREDITS = {Stage.NESTLING: 24, Stage.CHICK: 32, Stage.GROWING: 48, Stage.UNICORN: 60}  # a month
AT_THE_CENTER = 40
SUPPORTED = 90  # companies that received some of it
MENTORS = ("Wei Lan", "何之远", "Katharina Voss", "Sun Rui", "陆知行", "Pavel Novák")
NOTES = ("Pricing and first customers.", "数据合规与授权。", "The pitch for the next round.", "", "招聘计划。", "")

MENTORING = {
    "code": "mentoring", "kind": "mentoring", "unit": "hours", "per": "year", "name": "Mentoring",
    "name_zh": "导师辅导", "name_de": "Mentoring",
}  # fmt: skip
ROOMS = {
    "code": "rooms", "kind": "room_credits", "unit": "credits", "per": "month", "name": "Rooms of the four fields",
    "name_zh": "四大场域空间", "name_de": "Räume der vier Felder",
}  # fmt: skip
REGISTERING = {
    "code": "registering", "kind": "service", "unit": "times", "per": "once", "amount": Decimal(1),
    "name": "Help with the registration", "name_zh": "注册登记代办", "name_de": "Hilfe bei der Registrierung",
    "details": "An officer goes through the papers with you.", "details_zh": "专员陪同办理全部材料。",
    "details_de": "Die Sachbearbeitung geht die Unterlagen mit Ihnen durch.",
}  # fmt: skip
LEGAL = {
    "code": "legal", "kind": "service", "unit": "hours", "per": "year", "name": "Legal advice",
    "name_zh": "法务咨询", "name_de": "Rechtsberatung",
}  # fmt: skip
INVESTORS = {
    "code": "investors", "kind": "introduction", "unit": "times", "per": "year",
    "name": "Introductions to investors", "name_zh": "投资人对接", "name_de": "Vermittlung an Kapitalgeber",
}  # fmt: skip
ANCHORS = {
    "code": "anchors", "kind": "introduction", "unit": "times", "per": "year",
    "name": "Introductions to anchor companies", "name_zh": "龙头企业对接",
    "name_de": "Vermittlung an Ankerunternehmen",
}  # fmt: skip


def _point(code: str, name: str, name_zh: str, name_de: str) -> dict[str, Any]:
    return {
        "code": code.replace("_", "-"), "kind": "point", "unit": "", "amount": None, "point": code, "name": name,
        "name_zh": name_zh, "name_de": name_de,
    }  # fmt: skip


RELIEF = _point("rent_waiver", "Up to 300 m² without rent", "300平方米以内免租", "Bis 300 m² ohne Miete")
ANGEL = _point("angel_fund", "Ask the angel fund", "申请天使基金", "Den Angel-Fonds fragen")
VOUCHERS = _point("ai_vouchers", "Vouchers for models and computing", "模型券与算力券", "Gutscheine für KI")
LEADING = _point("leading_project", "Put a leading project forward", "申报领军项目", "Ein Spitzenprojekt vorlegen")
INTEREST = _point("loan_interest", "Support for your interest", "贷款贴息", "Zuschuss zu Ihren Zinsen")

GIVEN: dict[Stage, tuple[dict[str, Any], ...]] = {
    Stage.NESTLING: ({**MENTORING, "amount": 24}, REGISTERING, {**INVESTORS, "amount": 2}, RELIEF, ANGEL),
    Stage.CHICK: ({**MENTORING, "amount": 16}, {**LEGAL, "amount": 6}, {**INVESTORS, "amount": 4}, VOUCHERS, ANGEL),
    Stage.GROWING: ({**MENTORING, "amount": 8}, {**LEGAL, "amount": 12}, {**ANCHORS, "amount": 6}, LEADING, INTEREST),
    Stage.UNICORN: ({**LEGAL, "amount": None}, {**ANCHORS, "amount": None}, LEADING),
}
TO_DO: dict[Stage, tuple[tuple[str, str, str], ...]] = {
    Stage.NESTLING: (
        ("First talk with the contact", "与联系人首次面谈", "Erstes Gespräch mit der Ansprechperson"),
        ("Registration in the zone", "完成园区注册", "Registrierung in der Zone"),
        ("Mentor found", "匹配导师", "Mentor oder Mentorin gefunden"),
        ("First demo in the opportunity field", "在机会场首次路演", "Erste Vorführung im Feld Chance"),
    ),
    Stage.CHICK: (
        ("First report sent and verified", "首份报表已报送并核实", "Erster Bericht gesendet und geprüft"),
        ("Contract of a first customer", "首个客户合同", "Vertrag mit einem ersten Kunden"),
        ("Vouchers explained", "讲解算力券与模型券", "Gutscheine erklärt"),
    ),
    Stage.GROWING: (
        ("Introduced to an anchor company", "对接龙头企业", "An ein Ankerunternehmen vermittelt"),
        ("Talent awards explained", "讲解人才奖励", "Talentprämien erklärt"),
    ),
    Stage.UNICORN: (("Yearly talk with the director", "与主任年度面谈", "Jährliches Gespräch mit der Leitung"),),
}  # fmt: skip


def bring_packages(*, today: dt.date, officer: User) -> None:
    """As the zone had them since the policy was in force: one has had another version since, and one is planned."""
    since = POLICY_STARTS

    def bring(stage: Stage, items: tuple[dict[str, Any], ...], first: dt.date, **other: Any) -> None:
        said = {"audience": Audience.COMPANIES, "campus": None, "by": officer, "on": min(first, today)}
        packages.bring_package(stage=stage, items=items, since=first, **{**said, **other})

    for stage, items in GIVEN.items():
        bring(stage, (*items, {**ROOMS, "amount": CREDITS[stage]}), since)
    teams = ({**MENTORING, "amount": 30}, REGISTERING, {**ROOMS, "amount": CREDITS[Stage.NESTLING]}, ANGEL)
    bring(Stage.NESTLING, teams, since, audience=Audience.TEAMS)
    center = Campus.objects.get(code=CENTER.code)
    at_center = (*GIVEN[Stage.CHICK], {**ANCHORS, "amount": 2}, {**ROOMS, "amount": AT_THE_CENTER})
    bring(Stage.CHICK, at_center, since, campus=center)
    more = ({**MENTORING, "amount": 12}, *GIVEN[Stage.GROWING][1:], {**ROOMS, "amount": CREDITS[Stage.GROWING]})
    version = month_start(today - 150 * DAY)
    if version > since:
        note = "More mentoring for companies that grow"
        bring(Stage.GROWING, more, version, on=previous_month(version), note=note)
    coming = ({**LEGAL, "amount": None}, {**ANCHORS, "amount": None}, LEADING, INTEREST)
    rooms = {**ROOMS, "amount": CREDITS[Stage.UNICORN]}
    bring(Stage.UNICORN, (*coming, rooms), next_month(next_month(today)), on=today)


def support_all(*, today: dt.date, officer: User) -> None:
    """What companies received, whom they call, what is done with them, and the cohorts."""
    random = Random(SEED)
    _give(today, officer, random)
    _name_contacts(today, officer)
    _tick(today, officer, random)
    _group(officer)


def _give(today: dt.date, officer: User, random: Random) -> None:
    """Some of it soon after they came, some of it lately. Never more than was left."""
    came = with_arrival(Company.objects.exclude(stage="")).filter(arrived_on__lte=today - 10 * DAY)
    for company in random.sample(sorted(came, key=lambda one: one.code), min(SUPPORTED, len(came))):
        for day in _days(company.arrived_on, today, random):
            code = random.choice(("mentoring", "mentoring", "legal", "investors", "anchors", "registering"))
            item = item_on(company, code, day)
            if item is None:
                continue
            amount = Decimal(random.choice(("1", "1.5", "2"))) if item.unit == "hours" else Decimal(1)
            left = line_of(company, item, day).left
            if left is None or amount <= left:
                deliveries.record_delivery(
                    company=company, support=code, given_on=day, amount=amount, given_by=random.choice(MENTORS),
                    note=random.choice(NOTES), by=officer, on=today,
                )  # fmt: skip


def _days(arrived_on: dt.date, today: dt.date, random: Random) -> Iterator[dt.date]:
    early = arrived_on + random.randint(5, 80) * DAY
    if early <= today and random.random() < 0.7:
        yield early
    for _each in range(random.randint(0, 2)):
        yield max(arrived_on, today - random.randint(1, 120) * DAY)


def _name_contacts(today: dt.date, officer: User) -> None:
    staff = list(User.objects.filter(role_grants__role__in=[StaffRole.OFFICER, StaffRole.REVIEWER]).order_by("pk"))
    current = Company.objects.current(today).filter(operation__contains=today).order_by("code")
    Contact.objects.bulk_create(
        Contact(
            company=company, person=staff[number % len(staff)], assigned_by=officer,
            period=period(max(company.operation.lower or POLICY_STARTS, POLICY_STARTS), None),
        )
        for number, company in enumerate(current)
    )  # fmt: skip


def _tick(today: dt.date, officer: User, random: Random) -> None:
    """The earlier lines of a list sooner than the later ones."""
    made = [
        ChecklistEntry(stage=stage, position=10 * number, name=name, name_zh=name_zh, name_de=name_de)
        for stage, lines in TO_DO.items()
        for number, (name, name_zh, name_de) in enumerate(lines, start=1)
    ]
    entries = ChecklistEntry.objects.bulk_create(made)
    companies = Company.objects.filter(operation__contains=today, stage__in=Stage.values).order_by("code")
    ticks = [
        ChecklistTick(company=company, entry=entry, ticked_on=_done_on(company, today, random), ticked_by=officer)
        for company in companies
        for entry in entries
        if entry.stage == company.stage and random.random() < 10 / (10 + entry.position)
    ]
    ChecklistTick.objects.bulk_create(ticks)


def _done_on(company: Company, today: dt.date, random: Random) -> dt.date:
    first = company.operation.lower or POLICY_STARTS
    return max(first, today - random.randint(1, 200) * DAY)


def _group(officer: User) -> None:
    """The first founders by the day on which they came, and those whom a mentor helped early, by hand."""
    first = {
        "code": "first-founders", "name": "The first founders", "name_zh": "首批创业者",
        "name_de": "Die ersten Gründenden",
        "arrived_from": POLICY_STARTS, "arrived_until": POLICY_STARTS.replace(month=12, day=31),
    }  # fmt: skip
    following = {
        "code": "second-year", "name": "The second year", "name_zh": "第二年入园企业", "name_de": "Das zweite Jahr",
        "arrived_from": dt.date(2024, 7, 1), "arrived_until": dt.date(2025, 6, 30),
    }  # fmt: skip
    for values in (first, following):
        cohorts.enter_cohort(values=values, by=officer)
    chosen = {"code": "mentored", "name": "Mentored often", "name_zh": "重点辅导企业", "name_de": "Oft begleitet"}
    mentored = cohorts.enter_cohort(values=chosen, by=officer)
    given = Delivery.objects.filter(item__kind=SupportKind.MENTORING).values("company").distinct()
    for company in Company.objects.filter(pk__in=given).order_by("code")[:15]:
        cohorts.add_member(cohort=mentored, company=company, by=officer)
