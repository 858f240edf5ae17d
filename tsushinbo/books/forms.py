"""Turning what somebody typed about a book into values, with a message beside each field that cannot be read."""

from typing import Any

from django import forms

from tsushinbo.books.isbn import NotAnIsbn, normal
from tsushinbo.books.lookup import Facts
from tsushinbo.books.models import CREATORS_LENGTH, PUBLISHED_LENGTH, PUBLISHER_LENGTH, TITLE_LENGTH, WHY_LENGTH, Book
from tsushinbo.moderation.forms import VisitorForm, VisitorText, missing


class Isbn(VisitorText):
    """The number on the back of a book, in any usual way of writing."""

    def clean(self, value: object) -> str:
        """Return its thirteen digits."""
        text = str(super().clean(value))
        if not text:
            return text
        try:
            return normal(text)
        except NotAnIsbn as fault:
            raise forms.ValidationError(str(fault), code="isbn") from None


class IsbnForm(VisitorForm):
    """The number alone, to look the book up by."""

    isbn = Isbn(
        label="ISBN", noun="ISBN", longest=40, one_line=True,
        error_messages=missing("ISBN", "本の裏にある13けたの番号を入れてください。"),
    )  # fmt: skip


class BookForm(IsbnForm):
    """A book for a page, and why."""

    title = VisitorText(
        label="書名", noun="書名", longest=TITLE_LENGTH, one_line=True,
        error_messages=missing("書名", "表紙のとおりに入れてください。"),
    )  # fmt: skip
    creators = VisitorText(label="著者", noun="著者", longest=CREATORS_LENGTH, one_line=True, required=False)
    publisher = VisitorText(label="出版社", noun="出版社", longest=PUBLISHER_LENGTH, one_line=True, required=False)
    published = VisitorText(label="出版年", noun="出版年", longest=PUBLISHED_LENGTH, one_line=True, required=False)
    why = VisitorText(
        label="関係", noun="関係の説明", longest=WHY_LENGTH, one_line=True,
        error_messages=missing("関係の説明", "この本が何の役に立つかを、1文で書いてください。"),
    )  # fmt: skip

    def facts(self, known: Facts | None) -> Facts:
        """What was typed; as a source's word where it says the same as ``known``."""
        said = {name: self.cleaned_data[name] for name in ("isbn", "title", "creators", "publisher", "published")}
        if known is not None and all(getattr(known, name) == value for name, value in said.items()):
            return known
        return Facts(**said, source=Book.Source.PERSON)


def initial_of(facts: Facts | Book) -> dict[str, Any]:
    """A form filled with what is known of a book."""
    return {name: getattr(facts, name) for name in ("isbn", "title", "creators", "publisher", "published")}
