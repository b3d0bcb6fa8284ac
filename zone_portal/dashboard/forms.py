"""The day that the dashboard shows, and the file that somebody brings."""

import datetime as dt
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayInput
from core.interchange.reading import SUFFIXES

FIRST_DAY = dt.date(2000, 1, 1)
MOST_MEGABYTES = 10
MOST_MEGABYTES_UNPACKED = 200
LONGEST_NAME = 60
KINDS = {
    "companies": gettext_lazy("Companies"),
    "relations": gettext_lazy("Relations"),
    "units": gettext_lazy("Units"),
    "leases": gettext_lazy("Leases"),
    "projects": gettext_lazy("Projects"),
    "loans": gettext_lazy("Loans"),
    "repayments": gettext_lazy("Repayments"),
    "talents": gettext_lazy("Talents"),
    "reports": gettext_lazy("Reports"),
    "expenses": gettext_lazy("Costs"),
    "suppliers": gettext_lazy("Suppliers"),
    "payments": gettext_lazy("Payments of rent"),
    "rounds": gettext_lazy("Financing rounds"),
}


def label_of(kind: str) -> Any:
    """A kind of file in words."""
    return KINDS.get(kind, kind)


class DayForm(forms.Form):
    """A day up to the present one; empty for the present one."""

    on = forms.DateField(label=gettext_lazy("As of"), required=False)

    def __init__(self, data: Any, *, today: dt.date) -> None:
        super().__init__(data)
        self.today = today
        self.fields["on"].widget = DayInput({"min": FIRST_DAY.isoformat(), "max": today.isoformat()})

    def clean_on(self) -> dt.date:
        day = self.cleaned_data["on"] or self.today
        if not FIRST_DAY <= day <= self.today:
            raise forms.ValidationError(
                _("Choose a day from %(first)s to %(last)s.") % {"first": FIRST_DAY, "last": self.today}
            )
        return day

    @property
    def day(self) -> dt.date:
        """The day to show: the chosen one, or the present one while the choice is refused."""
        return self.cleaned_data["on"] if self.is_valid() else self.today


class FileForm(forms.Form):
    """A file to import, bounded in size, packed and unpacked. `names` are the kinds that this person may bring."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=gettext_lazy("What is in it"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy(
            "CSV in UTF-8, or XLSX, of at most 10 MB and 20,000 rows. The first line names the columns."
        ),
        widget=forms.FileInput({"accept": ",".join(SUFFIXES)}),
    )
    tidy = forms.BooleanField(
        label=gettext_lazy("Read other spellings too"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Such as 2015/3/1, 3,000万元, US$ 1.2M or full-width digits, where they can mean one thing only."
            " You see how each was read."
        ),
    )

    def __init__(self, *args: Any, names: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        named = sorted(((name, label_of(name)) for name in names), key=lambda choice: str(choice[1]))
        self.fields["kind"].choices = [("", "–"), *named]  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MEGABYTES * 1024**2:
            raise forms.ValidationError(_("The file has more than 10 MB: split it, or have it imported on the server."))
        if Path(str(file.name)).suffix.lower() not in SUFFIXES:
            raise forms.ValidationError(_("Choose a file that ends with .csv or .xlsx."))
        if Path(str(file.name)).suffix.lower() == ".xlsx":
            self._refuse_no_workbook(file)
        return file

    def _refuse_no_workbook(self, file: UploadedFile) -> None:
        """A workbook is a packed folder; one that would fill the memory when it is unpacked is none."""
        try:
            with zipfile.ZipFile(file) as packed:
                unpacked = sum(part.file_size for part in packed.infolist())
        except zipfile.BadZipFile as error:
            raise forms.ValidationError(_("This is no XLSX workbook.")) from error
        if unpacked > MOST_MEGABYTES_UNPACKED * 1024**2:
            raise forms.ValidationError(_("The workbook is too large: bring it as CSV."))
        file.seek(0)
