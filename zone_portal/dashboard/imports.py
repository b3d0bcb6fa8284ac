"""The history of imports: who brought which file, when, and how many rows of what; and the companies it was about."""

import uuid
from typing import Any

import django_filters
import django_tables2 as tables
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_required
from accounts.models import StaffRole
from companies.models import Company
from companies.tables import CompanyTable
from core.listing import turned
from core.models import FileImport
from core.tables import CountColumn, PortalTable
from zone_portal.dashboard.files import BRINGS_FILES
from zone_portal.dashboard.forms import KINDS, label_of

SEES_IMPORTS = (*BRINGS_FILES, StaffRole.AUDITOR)


def brought_by(record: FileImport) -> Any:
    """Who imported a file: a person, or the command line."""
    return record.imported_by or gettext("the command line")


class ImportFilter(django_filters.FilterSet):
    """Imports by what was in the file."""

    kind = django_filters.ChoiceFilter(label=_("What is in it"), choices=tuple(KINDS.items()), empty_label=_("All"))

    class Meta:
        model = FileImport
        fields: tuple[str, ...] = ()


class ImportTable(PortalTable):
    region = "imports"
    caption = _("Imports")
    empty_title = _("Nothing was imported yet")

    name = tables.Column(verbose_name=_("File"))
    kind = tables.Column(verbose_name=_("What is in it"))
    imported_by = tables.Column(verbose_name=_("Imported by"), orderable=False, empty_values=())
    created_at = tables.DateTimeColumn(verbose_name=_("Imported on"), format="Y-m-d H:i")
    new = CountColumn(verbose_name=_("New"))
    changed = CountColumn(verbose_name=_("Changed rows"))
    unchanged = CountColumn(verbose_name=_("Unchanged"))
    refused = CountColumn(verbose_name=_("Refused"))

    class Meta:
        model = FileImport
        fields: tuple[str, ...] = ()

    def render_name(self, record: FileImport) -> SafeString:
        url = reverse("file_import", args=[record.public_id])
        return format_html('<a class="zp-row-link" href="{}">{}</a>', url, record.name)

    def render_kind(self, value: str) -> Any:
        return label_of(value)

    def render_imported_by(self, record: FileImport) -> Any:
        return brought_by(record)


@staff_required(*SEES_IMPORTS)
@require_GET
def imports(request: SignedInRequest) -> HttpResponse:
    """All imports, the newest first."""
    found = ImportFilter(request.GET, FileImport.objects.defer("about").select_related("imported_by"))
    table = turned(request, ImportTable(found.qs, order_by="-created_at"))
    return render(request, "files/imports.html", {"filter": found, "table": table})


@staff_required(*SEES_IMPORTS)
@require_GET
def file_import(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """One import, and the companies that its rows were about, as the register has them now."""
    found = get_object_or_404(FileImport.objects.select_related("imported_by"), public_id=public_id)
    table = None
    if found.about:
        table = turned(request, CompanyTable(Company.objects.visible_to(request.user).filter(code__in=found.about)))
    context = {"record": found, "kind": label_of(found.kind), "by": brought_by(found), "table": table}
    return render(request, "files/import.html", context)
