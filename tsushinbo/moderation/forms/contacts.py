"""The field for a contact (連絡先), which a form about somebody has only while they stand in a campaign."""

from collections.abc import Mapping
from typing import Any

from django import forms

from tsushinbo.moderation.contacts import is_contact, read_contact
from tsushinbo.moderation.forms import VisitorForm
from tsushinbo.moderation.queries.campaigns import CONTACT, Hold
from tsushinbo.moderation.services.campaigns import CONTACT_MISSING, CONTACT_WRONG


class Contact(forms.CharField):
    """An e-mail address, or the address of a form or an SNS account."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(label="連絡先", required=required, error_messages={"required": CONTACT_MISSING})

    def to_python(self, value: object) -> str:
        """Clean it; nothing becomes ""."""
        return read_contact(value)

    def validate(self, value: str) -> None:
        """Refuse what reaches nobody."""
        super().validate(value)
        if value and not is_contact(value):
            raise forms.ValidationError(CONTACT_WRONG, code="invalid")


class ContactForm(VisitorForm):
    """A form of texts about somebody. ``hold``: what election mode says of them; with its rule a contact is asked, else there is no such field.

    ``only_words``: words may be left out, and a contact with them; ``says_something`` then tells whether there are any.
    """

    only_words = False

    def __init__(self, data: Any = None, *, hold: Hold | None = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.hold = hold
        if hold is not None and CONTACT in hold.rules:
            self.fields["contact"] = Contact(required=not self.only_words)

    def clean(self) -> dict[str, Any]:
        """Ask for the contact where there are words only."""
        values = super().clean() or self.cleaned_data
        if self.only_words and self.asks_contact and self.says_something and values.get("contact") == "":
            self.add_error("contact", CONTACT_MISSING)
        return values

    @property
    def says_something(self) -> bool:
        """Whether there are words that others will read."""
        return True

    @property
    def given_contact(self) -> str:
        """What was given; "" where none was asked."""
        return str(self.cleaned_data.get("contact", ""))

    @property
    def asks_contact(self) -> bool:
        """Whether there is the field."""
        return "contact" in self.fields
