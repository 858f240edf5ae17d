"""The form of a comment."""

from django import forms

from tsushinbo.comments.models import BODY_LENGTH, TYPED_NICKNAME_LENGTH
from tsushinbo.moderation.forms import VisitorText, missing
from tsushinbo.moderation.forms.contacts import ContactForm


class CommentForm(ContactForm):
    """What is typed, and whether the account's own name shall stand beside it (``as_me``)."""

    nickname = VisitorText(
        label="ニックネーム", noun="ニックネーム", longest=TYPED_NICKNAME_LENGTH, one_line=True, required=False
    )
    body = VisitorText(
        label="コメント",
        noun="コメント",
        longest=BODY_LENGTH,
        error_messages=missing("コメント", "活動報告への意見や質問を書いてください。"),
    )
    as_me = forms.BooleanField(required=False)
    # Nobody sees this field: who fills it in is a program.
    website = forms.CharField(
        label="空のままにする欄",
        required=False,
        max_length=0,
        error_messages={"max_length": "この欄は空のままにして、もう一度お送りください。"},
    )
