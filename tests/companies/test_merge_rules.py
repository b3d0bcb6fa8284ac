"""Every relation to a company in the code base has a rule that says what a merge does with it."""

from collections.abc import Iterator

import pghistory.models
import pytest
from django.apps import apps
from django.db import models

from companies.merging import rules
from companies.merging.rules import Rule, Treatment
from companies.models import Company
from companies.models.guards import never_of_merged

CODES = ("company", "company_code")  # what a column of text that holds a company's code is called


def is_audit(model: type[models.Model]) -> bool:
    """The audit trail tells what was: it is never merged."""
    return issubclass(model, pghistory.models.Event)


def relations(among: list[type[models.Model]]) -> Iterator[str]:
    """Foreign keys, one-to-ones and many-to-manys to a company."""
    for model in among:
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            if field.is_relation and field.related_model is Company:
                yield f"{model._meta.label}.{field.name}"


def portal() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if not is_audit(model)]


def unthought_of(among: list[type[models.Model]]) -> set[str]:
    return set(relations(among)) - set(rules.RULES)


def test_every_relation_to_a_company_has_a_rule():
    assert unthought_of(portal()) == set()


def test_no_rule_is_of_a_relation_that_is_gone():
    assert set(rules.RULES) - set(relations(portal())) == set()


@pytest.mark.parametrize("field", [models.ForeignKey, models.OneToOneField])
def test_a_new_relation_without_a_rule_is_found(field):
    attributes = {
        "__module__": "companies.models",
        "owner": field(Company, models.PROTECT, related_name="+"),
        "Meta": type("Meta", (), {"app_label": "companies", "apps": apps.__class__()}),
    }
    brand_new = type("BrandNew", (models.Model,), attributes)
    assert unthought_of([*portal(), brand_new]) == {"companies.BrandNew.owner"}


def test_every_text_that_holds_a_code_is_thought_of():
    """By name, and the columns of the outbox and of runs, which hold codes under other names."""
    found = {
        f"{model._meta.label}.{field.name}"
        for model in portal()
        for field in model._meta.local_fields
        if field.name in CODES and isinstance(field, models.CharField | models.TextField)
    }
    found |= {"core.OutboxEvent.key", "core.OutboxEvent.payload", "core.Run.arguments", "companies.Company.code"}
    assert found == set(rules.TEXTS)


def moved() -> list[Rule]:
    return [rule for rule in rules.RULES.values() if rule.treatment != Treatment.STAYS]


@pytest.mark.parametrize("rule", moved(), ids=lambda rule: rule.name)
def test_nothing_new_can_come_to_a_merged_company(rule):
    """Whatever moves is kept from the merged company by triggers, so that nothing is left behind."""
    if rule.name == "companies.Company.merged_into":
        return  # the service resolves it under the locks of both
    model = apps.get_model(rule.model)
    wanted = {trigger.name for trigger in never_of_merged(f"{rule.field}_id")}
    assert wanted <= {trigger.name for trigger in model._meta.triggers}
