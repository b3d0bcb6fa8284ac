"""What the zone measures, figure by figure: what each counts, in words, and the rows that it counts."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from zone_portal.dashboard.figure import Figure
from zone_portal.dashboard.measures import rows, support, tables

_FIGURES: dict[str, Figure] = {
    "industries": Figure(
        _("Companies by industry"),
        _("Companies in the zone on the day, by the industry that the register has for them now."),
        tables.FirmRows,
        rows.in_industry,
        choose="industry",
        values=rows.industries,
    ),
    "jobs": Figure(
        _("Jobs"),
        _(
            "Employees of the companies in the zone, by the newest verified report of each that ended before the day"
            " and no more than a year ago. Who has no such report is not counted, and told beside the figure."
        ),
        tables.JobRows,
        rows.jobs,
    ),
    "jobs-untold": Figure(
        _("Companies whose jobs are not known"),
        _("Companies in the zone without a verified report that tells their employees and ended within the year."),
        tables.FirmRows,
        rows.jobs_untold,
    ),
    "output": Figure(
        _("Output"),
        _(
            "Revenue of the newest twelve months that verified reports cover without a gap, of each company in the"
            " zone, ended before the day and no more than a year ago. Who has not told so much is not counted, and"
            " told beside the figure."
        ),
        tables.OutputRows,
        rows.output,
    ),
    "output-untold": Figure(
        _("Companies whose output is not known"),
        _("Companies in the zone of which no verified reports cover twelve months that ended within the year."),
        tables.FirmRows,
        rows.output_untold,
    ),
    "growth": Figure(
        _("Revenue growth"),
        _(
            "Revenue of the newest twelve months against that of the twelve months before, of the same companies: of"
            " those in the zone whose verified reports tell both. Companies that came or went change nothing."
        ),
        tables.GrowthRows,
        rows.growth,
    ),
    "exports": Figure(
        _("Revenue from exports"),
        _("Of the companies that told it: revenue from exports as a share of all revenue of the same twelve months."),
        tables.ExportRows,
        rows.exports,
    ),
    "abroad": Figure(
        _("Companies from abroad"),
        _("Companies in the zone whose country is known and is not China, as a share of those whose country is known."),
        tables.CountryRows,
        rows.from_abroad,
    ),
    "no-country": Figure(
        _("Companies whose country is not known"),
        _("Companies in the zone for which the register has no country."),
        tables.FirmRows,
        rows.without_country,
    ),
    "funnel": Figure(
        _("How far companies came"),
        _(
            "Companies that came to the zone by the day and have been in this stage or in a higher one, whether they"
            " are still in it, in the zone, or not."
        ),
        tables.ReachedRows,
        rows.reached,
        choose="stage",
        values=rows.STAGES,
    ),
    "time-in-stage": Figure(
        _("Time in the stage"),
        _(
            "Each time that a company entered the stage by the day, until a change of stage, or until it left the zone."
            " The median is estimated by Kaplan and Meier: by then half had moved up to a higher stage. Who is still in"
            " the stage, moved down or left counts for as long as it was watched."
        ),
        tables.SpellRows,
        rows.in_stage,
        choose="stage",
        values=rows.STAGES,
    ),
    "anchors": Figure(
        _("Who works with anchor companies"),
        _(
            "Companies in the zone with a relation of the register to an anchor company that holds on the day. A"
            " relation without a first or a last day holds on every day."
        ),
        tables.AnchorRows,
        rows.anchored,
    ),
    "sectors": Figure(
        _("Culture and technology"),
        _("Companies in the zone, by the sector to which officers say that their industry belongs."),
        tables.FirmRows,
        rows.of_sector,
        choose="sector",
        values=rows.BELONGING,
    ),
    "crossing": Figure(
        _("Relations between culture and technology"),
        _("Relations of the register that hold on the day, of a company of culture and one of technology in the zone."),
        tables.CrossingRows,
        rows.crossing,
    ),
    "crossing-projects": Figure(
        _("Projects that cross the two"),
        _(
            "Projects of artificial intelligence by companies of culture, and of culture by companies of technology,"
            " that the panel had scored by the day, of companies in the zone; and whether a grant rests on them."
        ),
        tables.ProjectRows,
        rows.crossing_projects,
    ),
    "given": Figure(
        _("Support given in the year"),
        _(
            "From the first of January to the day: rent relief and interest support of the months that are over, with"
            " the corrections of them, and grants that were approved, less what was released or came back."
        ),
        tables.GivenRows,
        rows.given,
    ),
    "effects": Figure(
        _("What was given, and what became of it"),
        _(
            "Companies that came a year before the day or earlier, with all that they were given by the day. Who stayed"
            " had not left for good; who moved up is in a higher stage than on arrival. What was given and what became"
            " of it stand side by side: one need not be the cause of the other."
        ),
        tables.EffectRows,
        rows.supported,
        choose="outcome",
        values=support.OUTCOMES,
    ),
}

MEASURED = {slug: replace(figure, route="measures") for slug, figure in _FIGURES.items()}
