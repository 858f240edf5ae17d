"""Turning what an office sent into a reply."""

from django import forms

from tsushinbo.moderation.forms import VisitorText, missing
from tsushinbo.moderation.forms.contacts import ContactForm
from tsushinbo.replies.models import BODY_LENGTH


class ReplyForm(ContactForm):
    """The text, and which wording was on the page (``seen``)."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    body = VisitorText(
        label="反論・回答",
        noun="回答",
        longest=BODY_LENGTH,
        error_messages=missing("回答", "元の投稿への回答を書いてください。"),
    )
