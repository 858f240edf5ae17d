"""Turning what was sent into values, with a message beside each field that cannot be read; one module a subject."""

from tsushinbo.pledges.forms.evidence import Day, EvidenceForm, RejectForm, SeenForm, UndoForm, holds_day
from tsushinbo.pledges.forms.pledges import (
    ChangeForm,
    PledgeForm,
    RevertForm,
    fields_of,
    typed,
)

__all__ = [
    "ChangeForm",
    "Day",
    "EvidenceForm",
    "PledgeForm",
    "RejectForm",
    "RevertForm",
    "SeenForm",
    "UndoForm",
    "fields_of",
    "holds_day",
    "typed",
]
