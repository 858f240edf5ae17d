"""進捗度 and 達成度 with a comment and up to LINKS pages that show it."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField

from tsushinbo.evaluations.models import (
    COMMENT_LENGTH,
    HIGHEST,
    LINK_TITLE_LENGTH,
    LINK_URL_LENGTH,
    LINKS,
    Assessment,
)
from tsushinbo.evaluations.services import Link
from tsushinbo.moderation.forms import VisitorText, WebAddress
from tsushinbo.moderation.forms.contacts import ContactForm
from tsushinbo.moderation.queries.campaigns import Hold
from tsushinbo.moderation.queries.contacts import contact_of

CITIZEN, OWNER = "citizen", "owner"


class Points(forms.IntegerField):
    """A whole number from 0 to 100, in any digits, with or without a percent sign."""

    def __init__(self, label: str) -> None:
        range_of = f"0から{HIGHEST}までの整数を入れてください。"
        super().__init__(
            label=label,
            min_value=0,
            max_value=HIGHEST,
            error_messages={
                "required": f"{label}が入力されていません。{range_of}",
                "invalid": f"{label}を読み取れません。{range_of}",
                "min_value": f"{label}が0より小さくなっています。{range_of}",
                "max_value": f"{label}が{HIGHEST}を超えています。{range_of}",
            },
        )

    def to_python(self, value: Any) -> int | None:
        """Read it."""
        return super().to_python(unicodedata.normalize("NFKC", str(value or "")).strip().removesuffix("%"))


class AssessmentForm(ContactForm):
    """What a citizen, or the politician (``voice``), thinks of a pledge."""

    voice = forms.ChoiceField(choices=[(CITIZEN, "市民"), (OWNER, "本人")], required=False)
    progress = Points("進捗度")
    achievement = Points("達成度")
    comment = VisitorText(label="コメント", noun="コメント", longest=COMMENT_LENGTH, required=False)

    only_words = True

    def __init__(self, data: Any = None, *, current: Assessment | None = None, hold: Hold | None = None) -> None:
        super().__init__(data, hold=hold, initial=_values(current) if current else None)
        for number in range(1, LINKS + 1):
            self.fields[f"link_title_{number}"] = VisitorText(
                label=f"根拠{number}の題名", noun="題名", longest=LINK_TITLE_LENGTH, one_line=True, required=False
            )
            self.fields[f"link_url_{number}"] = WebAddress(
                label=f"根拠{number}のアドレス", longest=LINK_URL_LENGTH, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Ask for the other half where a link has one only, and for a contact with words where there must be one."""
        super().clean()
        for number in range(1, LINKS + 1):
            title, url = f"link_title_{number}", f"link_url_{number}"
            if title in self.cleaned_data and url in self.cleaned_data:
                if self.cleaned_data[url] and not self.cleaned_data[title]:
                    self.add_error(title, "題名が入力されていません。ページの題名を入れてください。")
                elif self.cleaned_data[title] and not self.cleaned_data[url]:
                    self.add_error(url, "アドレスが入力されていません。入れるか、題名を消してください。")
        return self.cleaned_data

    @property
    def says_something(self) -> bool:
        """Whether there is a comment or a link."""
        return bool(self.cleaned_data.get("comment")) or any(
            self.cleaned_data.get(f"link_url_{number}") for number in range(1, LINKS + 1)
        )

    @property
    def as_owner(self) -> bool:
        """Whether it was written as the politician's own."""
        return bool(self.cleaned_data.get("voice") == OWNER)

    @property
    def links(self) -> list[Link]:
        """The pages given."""
        pairs = [
            (self.cleaned_data[f"link_title_{number}"], self.cleaned_data[f"link_url_{number}"])
            for number in range(1, LINKS + 1)
        ]
        return [Link(title, url) for title, url in pairs if url]

    @property
    def points(self) -> list[BoundField]:
        """The fields of the two numbers."""
        return [self["progress"], self["achievement"]]

    @property
    def link_fields(self) -> list[tuple[BoundField, BoundField]]:
        """The fields of each page: title and address."""
        return [(self[f"link_title_{number}"], self[f"link_url_{number}"]) for number in range(1, LINKS + 1)]

    @property
    def further_links_used(self) -> bool:
        """Whether anything stands in the fields beyond those of the first page."""
        return any(field.value() or field.errors for pair in self.link_fields[1:] for field in pair)


def _values(current: Assessment) -> dict[str, object]:
    """The values of the fields as they were sent."""

    def links() -> Iterator[tuple[str, str]]:
        for link in current.links.all():
            yield f"link_title_{link.number}", link.title
            yield f"link_url_{link.number}", link.url

    return {
        "progress": current.progress,
        "achievement": current.achievement,
        "comment": current.comment,
        "contact": contact_of(current),
        **dict(links()),
    }
