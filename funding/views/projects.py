"""Pages of projects, and the form of the panel's score."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_required
from accounts.models import User
from companies.permissions import can_keep_register
from companies.records.kinds import Act, Facts, RecordKind, Words
from companies.records.pages import RecordPages
from core.markup import NOTHING, Tone, money
from core.periods import today
from core.templatetags import ui
from funding import permissions
from funding.filters import ProjectFilter
from funding.forms import ProjectForm, ScoreForm
from funding.models import Project
from funding.services import projects
from funding.tables import ProjectTable


def _facts(project: Project) -> Facts:
    return (
        (_("Title"), project.title),
        (_("Put forward for"), project.get_kind_display()),
        (_("Field"), project.get_field_display() or NOTHING),
        (_("Requested"), money(project.amount_requested)),
        (_("Score"), NOTHING if project.score is None else project.score),
        (_("Scored on"), ui.day(project.scored_on)),
    )


def _state(project: Project) -> tuple[str, Tone]:
    return (_("to be scored"), "wait") if project.score is None else (_("scored"), "good")


def _acts(user: User, project: Project) -> list[Act]:
    if not permissions.can_score(user, project):
        return []
    label = _("Enter the score") if project.score is None else _("Correct the score")
    return [Act(label, reverse("funding:project_score", args=[project.code]), icon="checks")]


KIND = RecordKind(
    name="project",
    plural="projects",
    namespace="funding",
    model=Project,
    key="code",
    columns={"project": "code"},
    icon="bulb",
    words=Words(
        one=gettext_lazy("Project"),
        many=gettext_lazy("Projects"),
        enter=gettext_lazy("Put a project forward"),
        change=gettext_lazy("Correct project"),
        void=gettext_lazy("Declare this project void?"),
        none=gettext_lazy("No project is on record."),
        why=gettext_lazy("The leading-project award and the angel fund rest on projects and the panel's score."),
    ),
    form=ProjectForm,
    table=ProjectTable,
    filters=ProjectFilter,
    rows=lambda rows: rows.select_related("company"),
    facts=_facts,
    state=_state,
    enter=lambda values, company, by: projects.enter_project(company=company, **values, by=by),
    change=lambda project, values, by: projects.change_project(project=project, **values, by=by),
    void=lambda project, reason, by: projects.void_project(project=project, reason=reason, by=by),
    may_enter=lambda user, company: permissions.can_enter(user, company) if company else can_keep_register(user),
    may_change=permissions.can_change_project,
    acts=_acts,
)
PAGES = RecordPages(KIND)


@staff_required(permissions.SCORES)
@require_http_methods(["GET", "POST"])
def project_score(request: SignedInRequest, code: str) -> HttpResponse:
    """The panel's score, with the day on which it was given."""
    project = PAGES.fetch(request, code)
    if not permissions.can_score(request.user, project):
        raise PermissionDenied
    form = ScoreForm(request.POST or None, initial={"score": project.score, "scored_on": project.scored_on or today()})
    return PAGES.form_page(
        request,
        form,
        lambda: projects.score_project(project=project, **form.cleaned_data, by=request.user),
        title=_("Score of project %(project)s") % {"project": project},
        crumbs=PAGES.crumbs(request, project),
        lead=project.title,
    )
