"""Turning what was sent into values, with a message beside each field that cannot be read; one module a subject."""

from tsushinbo.pledges.forms.evidence import EvidenceForm, RejectForm, SeenForm, UndoForm
from tsushinbo.pledges.forms.pledges import (
    ChangeForm,
    PledgeForm,
    RevertForm,
    fields_of,
    typed,
)

__all__ = [
    "ChangeForm",
    "EvidenceForm",
    "PledgeForm",
    "RejectForm",
    "RevertForm",
    "SeenForm",
    "UndoForm",
    "fields_of",
    "typed",
]
