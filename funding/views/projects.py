"""Pages of projects, and the form of the panel's score."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_required
from accounts.models import User
from companies.records.parts import Act, Facts, Words
from companies.records.views import RecordPages
from core.markup import NOTHING, Tone, money
from core.periods import today
from core.templatetags import ui
from funding import permissions
from funding.filters import ProjectFilter
from funding.forms import ProjectForm, ScoreForm
from funding.models import Project
from funding.services import projects
from funding.tables import ProjectTable


class ProjectPages(RecordPages):
    name = "project"
    plural = "projects"
    namespace = "funding"
    model = Project
    key = "code"
    columns = {"project": "code"}
    words = Words(
        one=gettext_lazy("Project"),
        many=gettext_lazy("Projects"),
        enter=gettext_lazy("Put a project forward"),
        change=gettext_lazy("Correct project"),
        void=gettext_lazy("Declare this project void?"),
        none=gettext_lazy("No project is on record."),
        why=gettext_lazy("The leading-project award and the angel fund rest on projects and the panel's score."),
    )
    form = ProjectForm
    table = ProjectTable
    filters = ProjectFilter

    def enter(self, values: dict[str, Any], company: Any, by: User) -> Project:
        return projects.enter_project(company=company, **values, by=by)

    def change(self, record: Project, values: dict[str, Any], by: User) -> Project:
        return projects.change_project(project=record, **values, by=by)

    def void(self, record: Project, reason: str, by: User) -> Project:
        return projects.void_project(project=record, reason=reason, by=by)

    def may_change(self, user: User, record: Project) -> bool:
        return permissions.can_change_project(user, record)

    def facts(self, project: Project) -> Facts:
        return (
            (_("Title"), project.title),
            (_("Put forward for"), project.get_kind_display()),
            (_("Field"), project.get_field_display() or NOTHING),
            (_("Requested"), money(project.amount_requested)),
            (_("Score"), NOTHING if project.score is None else project.score),
            (_("Scored on"), ui.day(project.scored_on)),
        )

    def state(self, project: Project) -> tuple[str, Tone]:
        return (_("to be scored"), "wait") if project.score is None else (_("scored"), "good")

    def acts(self, user: User, project: Project) -> list[Act]:
        if not permissions.can_score(user, project):
            return []
        label = _("Enter the score") if project.score is None else _("Correct the score")
        return [Act(label, reverse("funding:project_score", args=[project.code]), icon="checks")]


PAGES = ProjectPages()


@staff_required(permissions.SCORES)
@require_http_methods(["GET", "POST"])
def project_score(request: SignedInRequest, code: str) -> HttpResponse:
    """The panel's score, with the day on which it was given."""
    project = PAGES.fetch(request.user, code)
    if not permissions.can_score(request.user, project):
        raise PermissionDenied
    form = ScoreForm(request.POST or None, initial={"score": project.score, "scored_on": project.scored_on or today()})
    return PAGES.form_page(
        request,
        form,
        lambda: projects.score_project(project=project, **form.cleaned_data, by=request.user),
        title=_("Score of project %(project)s") % {"project": project},
        crumbs=PAGES.crumbs(request.user, project),
        lead=project.title,
    )
