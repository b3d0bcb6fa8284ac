"""The forms of this app, by what they are about."""

from subsidies.forms.acts import (
    AnswerForm,
    AppealForm,
    AssessForm,
    BillForm,
    IssueForm,
    NoteForm,
    PaymentForm,
    ReasonForm,
    SettlementForm,
    SimulationForm,
)
from subsidies.forms.checking import CheckForm
from subsidies.forms.costs import AdmissionForm, ExpenseForm, SupplierForm, days_of
from subsidies.forms.payments import AllotmentForm, ReminderForm, RentPaymentForm
from subsidies.forms.versions import (
    LANGUAGE_NAMES,
    DayForm,
    DraftForm,
    NumberForm,
    OriginForm,
    PackForm,
    StepForm,
    Steps,
    TextForm,
    blame,
    steps_of,
)

__all__ = [
    "LANGUAGE_NAMES",
    "AdmissionForm",
    "AllotmentForm",
    "AnswerForm",
    "AppealForm",
    "AssessForm",
    "BillForm",
    "CheckForm",
    "DayForm",
    "DraftForm",
    "ExpenseForm",
    "IssueForm",
    "NoteForm",
    "NumberForm",
    "OriginForm",
    "PackForm",
    "PaymentForm",
    "ReasonForm",
    "ReminderForm",
    "RentPaymentForm",
    "SettlementForm",
    "SimulationForm",
    "StepForm",
    "Steps",
    "SupplierForm",
    "TextForm",
    "blame",
    "days_of",
    "steps_of",
]
