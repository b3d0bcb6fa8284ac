"""Policy versions: loaded, published, exported, immutable."""

import dataclasses
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, transaction

from core.errors import Conflict, NotAllowed
from core.models import OutboxEvent
from subsidies import policy as versions
from subsidies.choices import PolicyState
from subsidies.models import PolicyParameter, PolicyVersion
from subsidies.rules.pack import DEFAULT_PACK, PolicyPack, dumps, load
from subsidies.services import policies
from tests.packs import default_pack
from tests.policies import published_policy
from tests.subsidies.conftest import ON, put_in_force

PACK = default_pack()
VARIES = re.compile(r"(^|_)(id|at|key)$")


def changed(name: str, value: Decimal, **more: object) -> PolicyPack:
    parameters = dict(PACK.parameters)
    parameters[name] = dataclasses.replace(parameters[name], value=value)
    return dataclasses.replace(PACK, parameters=parameters, **more)


NEXT = changed("rent_waiver.area_m2", Decimal(200), version="2026.1", effective_from=dt.date(2026, 7, 1))


@pytest.mark.django_db
def test_a_pack_becomes_a_draft_that_nobody_is_bound_by():
    loaded = policies.load_pack(pack=PACK)
    assert (loaded.version.state, loaded.was_known) == (PolicyState.DRAFT, False)
    assert versions.timeline().starts_on is None
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_the_first_version_is_published_on_request_and_everything_is_decided_after_it():
    loaded = policies.load_pack(pack=PACK, publish=True)
    assert loaded.version.state == PolicyState.PUBLISHED
    assert versions.timeline().starts_on == PACK.effective_from
    assert OutboxEvent.objects.get().topic == "policy.published"


@pytest.mark.django_db
def test_the_policy_of_the_tests_is_the_one_that_loading_leaves():
    def written(make) -> list[list[dict]]:  # type: ignore[no-untyped-def]
        """What it writes, but for ids and moments, into the tables of versions, of their audit trail and the outbox."""
        models = [model for model in apps.get_models() if model.__name__.startswith(("Policy", "Outbox"))]
        with transaction.atomic():
            given = make()
            assert given == PolicyVersion.objects.get()
            found = [
                [
                    {name: value for name, value in row.items() if not VARIES.search(name)}
                    for row in model.objects.order_by("pk").values()
                ]
                for model in models
            ]
            transaction.set_rollback(True)
        return found

    expected = written(lambda: policies.load_pack(pack=PACK, publish=True).version)
    assert sum(map(len, expected)) > 2 * len(PACK.parameters)
    assert written(published_policy) == expected


@pytest.mark.django_db
def test_loading_the_same_pack_again_changes_nothing(policy: PolicyVersion):
    assert policies.load_pack(pack=PACK, publish=True).was_known
    assert PolicyVersion.objects.count() == 1
    assert OutboxEvent.objects.count() == 1


@pytest.mark.django_db
def test_other_content_under_a_known_version_is_refused(policy: PolicyVersion):
    with pytest.raises(Conflict, match="other content"):
        policies.load_pack(pack=changed("rent_waiver.months", Decimal(35)))
    assert versions.pack_of(PolicyVersion.objects.get()) == PACK


@pytest.mark.django_db
def test_publishing_over_a_policy_that_was_in_force_is_refused_and_loads_nothing(policy: PolicyVersion):
    with pytest.raises(Conflict, match="in force before"):
        policies.load_pack(pack=NEXT, publish=True)
    assert not PolicyVersion.objects.filter(version="2026.1").exists()


@pytest.mark.django_db
def test_another_policy_is_refused(policy: PolicyVersion):
    with pytest.raises(Conflict, match="holds the policy shuqiwan"):
        policies.load_pack(pack=dataclasses.replace(PACK, policy="elsewhere"))


@pytest.mark.django_db
def test_every_number_and_word_comes_back_as_it_was(policy: PolicyVersion):
    stored = versions.pack_of(PolicyVersion.objects.get())
    assert stored == PACK
    assert dumps(stored) == dumps(PACK)
    assert stored.parameters["rent_waiver.area_m2"].value == Decimal(300)


@pytest.mark.django_db
def test_a_later_version_governs_from_its_first_day(policy: PolicyVersion):
    put_in_force(policies.load_pack(pack=NEXT).version)
    timeline = versions.timeline()
    assert timeline.starts_on == PACK.effective_from
    assert timeline.deciding(dt.date(2026, 6, 30)).version == "2025.1"
    assert timeline.deciding(dt.date(2026, 7, 1)).version == "2026.1"
    assert PolicyVersion.objects.in_force_on(dt.date(2026, 6, 30)).get().version == "2025.1"


@pytest.mark.django_db
def test_a_version_that_begins_no_later_than_the_last_is_refused(policy: PolicyVersion, policy_editor):
    draft = policies.load_pack(pack=dataclasses.replace(NEXT, effective_from=PACK.effective_from)).version
    with pytest.raises(Conflict, match="must begin after 2025-09-25"):
        policies.publish_version(version=draft, on=ON, by=policy_editor)
    with pytest.raises(Conflict, match="published already"):
        policies.publish_version(version=policy, on=ON, by=policy_editor)


@pytest.mark.django_db
def test_only_a_policy_editor_publishes(policy: PolicyVersion, officer):
    draft = policies.load_pack(pack=NEXT).version
    with pytest.raises(NotAllowed):
        policies.publish_version(version=draft, on=ON, by=officer)
    draft.refresh_from_db()
    assert draft.state == PolicyState.DRAFT


@pytest.mark.django_db
def test_only_a_policy_editor_loads_a_pack_in_the_browser(policy: PolicyVersion, officer, policy_editor):
    with pytest.raises(NotAllowed):
        policies.load_pack(pack=NEXT, by=officer)
    loaded = policies.load_pack(pack=NEXT, by=policy_editor).version
    assert (loaded.created_by, loaded.edited_by, loaded.content_hash) == (
        policy_editor,
        policy_editor,
        versions.hash_of(loaded),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["effective_from", "texts", "version", "published_at"])
def test_a_published_version_cannot_be_edited_whoever_writes(policy: PolicyVersion, field: str):
    values = {"effective_from": dt.date(2020, 1, 1), "texts": {}, "version": "x", "published_at": None}
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        PolicyVersion.objects.filter(pk=policy.pk).update(**{field: values[field]})


@pytest.mark.django_db
def test_a_published_version_is_neither_deleted_nor_made_a_draft_again(policy: PolicyVersion):
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        PolicyVersion.objects.filter(pk=policy.pk).update(state=PolicyState.DRAFT)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        PolicyVersion.objects.filter(pk=policy.pk)._raw_delete("default")


@pytest.mark.django_db
def test_parameters_of_a_published_version_are_fixed(policy: PolicyVersion):
    one = PolicyParameter.objects.filter(version=policy)[0]
    draft = policies.load_pack(pack=NEXT).version
    attempts = [
        lambda: PolicyParameter.objects.filter(pk=one.pk).update(value="1"),
        lambda: PolicyParameter.objects.filter(pk=one.pk)._raw_delete("default"),
        lambda: PolicyParameter.objects.create(version=policy, name="new", value="1", provenance="assumed"),
        lambda: PolicyParameter.objects.filter(pk=one.pk).update(version=draft, name="moved"),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
            attempt()
    assert versions.pack_of(PolicyVersion.objects.get(pk=policy.pk)) == PACK


@pytest.mark.django_db
def test_the_commands_carry_a_pack_through_the_portal_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    call_command("load_policy", str(DEFAULT_PACK), "--publish")
    assert "57 parameters, 34 of them assumed" in capsys.readouterr().out
    call_command("export_policy", str(tmp_path / "all.yaml"))
    call_command("export_policy", "2025.1", str(tmp_path / "named.yaml"))
    assert load(tmp_path / "all.yaml") == PACK
    assert (tmp_path / "all.yaml").read_text() == (tmp_path / "named.yaml").read_text()
    call_command("load_policy", str(tmp_path / "all.yaml"), "--publish")
    assert "unchanged" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "refusal"),
    [("policy: [", "not YAML"), ("policy: shuqiwan", "lacks version"), (None, "cannot be read")],
)
def test_a_bad_file_is_refused_and_nothing_is_loaded(tmp_path: Path, text: str | None, refusal: str):
    file = tmp_path / "pack.yaml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(CommandError, match=refusal):
        call_command("load_policy", str(file))
    assert not PolicyVersion.objects.exists()


@pytest.mark.django_db
def test_exporting_a_version_that_is_not_there_names_those_that_are(policy: PolicyVersion, tmp_path: Path):
    with pytest.raises(CommandError, match=r"no version '1999'. Versions in the portal: 2025.1"):
        call_command("export_policy", "1999", str(tmp_path / "x.yaml"))
    assert not (tmp_path / "x.yaml").exists()
