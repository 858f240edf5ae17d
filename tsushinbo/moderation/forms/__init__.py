"""Fields of forms that visitors write in: text and addresses as they are stored, with a message that says what to do."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField

from tsushinbo.moderation.text import clean_text, is_web_address

# https://good.example@bad.example/ leads to bad.example.
HIDES_HOST = re.compile(r"https?://[^/?#]*@", re.IGNORECASE)


class VisitorText(forms.CharField):
    """Text of a visitor, cleaned before its length is looked at. ``noun`` is what the message calls it; ``one_line`` joins its lines."""

    def __init__(self, *, noun: str, longest: int, one_line: bool = False, **options: Any) -> None:
        self.noun, self.longest, self.one_line = noun, longest, one_line
        super().__init__(**options)

    def to_python(self, value: object) -> str:
        """Clean it; nothing becomes ""."""
        text = clean_text(str(value)) if value else ""
        return " ".join(text.split()) if self.one_line else text

    def validate(self, value: str) -> None:
        """Refuse a text that is too long, saying by how much."""
        super().validate(value)
        if len(value) > self.longest:
            raise forms.ValidationError(
                f"{self.noun}が{self.longest:,}字を超えています（{len(value):,}字）。{len(value) - self.longest:,}字以上けずってください。"
            )


class WebAddress(forms.URLField):
    """The address of a page on the web. Without its scheme it is taken for https."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        self.longest = longest
        super().__init__(assume_scheme="https", **options)
        self.error_messages["invalid"] = (
            "アドレスを読み取れません。「https://」から始まるページのアドレスを入れてください。"
        )

    def to_python(self, value: object) -> str:
        """Clean it; nothing becomes ""."""
        return super().to_python(clean_text(str(value)) if value else "") or ""

    def validate(self, value: str) -> None:
        """Refuse what leads nowhere on the web, or hides where it leads: a name or password before the host. Django looks at the rest."""
        super().validate(value)
        if len(value) > self.longest:
            raise forms.ValidationError(
                f"アドレスが{self.longest:,}字を超えています（{len(value):,}字）。短いアドレスを入れてください。"
            )
        if value and (not is_web_address(value) or HIDES_HOST.match(value)):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


class VisitorForm(forms.Form):
    """A form that lists what is to be mended, with a link to each field."""

    @property
    def to_mend(self) -> list[tuple[BoundField, str]]:
        """Each field that cannot be taken, with its first message."""
        return [(self[name], str(messages[0])) for name, messages in self.errors.items() if name in self.fields]

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Say beside each field what the rules have against it."""
        for name, message in faults.items():
            self.add_error(name, message)


def missing(label: str, then: str) -> dict[str, str]:
    """The message of a field that must not be empty, and what to do."""
    return {"required": f"{label}が入力されていません。{then}"}
