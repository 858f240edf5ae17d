"""Turning what a writer sent into values, with a message beside each field that cannot be read."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from tsushinbo import addresses, drafts
from tsushinbo.activities.models import (
    BODY_LENGTH,
    POINT_LENGTH,
    POINTS,
    SOURCE_TITLE_LENGTH,
    SOURCE_URL_LENGTH,
    TITLE_LENGTH,
    ActivityReport,
)
from tsushinbo.activities.models.drafts import ALT_LENGTH
from tsushinbo.activities.queries import PLEDGES_OFFERED, offered_pledges
from tsushinbo.activities.services import Wording
from tsushinbo.filters import Filters, choice
from tsushinbo.moderation.forms import VisitorForm, VisitorText, WebAddress, missing
from tsushinbo.moderation.forms.contacts import ContactForm
from tsushinbo.moderation.forms.days import Day, holds_day
from tsushinbo.moderation.queries.campaigns import Hold
from tsushinbo.moderation.queries.contacts import contact_of
from tsushinbo.people.models import Office, Politician
from tsushinbo.people.queries import prefectures
from tsushinbo.pledges.models import Pledge

MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"]
# What a draft keeps: the fields as they were typed.
KEPT = (
    "title", "happened_on", "body", "points", "pledge", "source_title", "source_url", "machine_made", "publish_at", "contact", "seen",
)  # fmt: skip
LONGEST_KEPT = 2 * BODY_LENGTH


class Points(VisitorText):
    """The summary: a line a point, without the marks that people put before them."""

    def clean(self, value: object) -> tuple[str, ...]:
        """Read the lines."""
        text = super().clean(value)
        lines = tuple(line for line in (raw.strip().lstrip("・*•-－ 　") for raw in text.split("\n")) if line)
        if len(lines) > POINTS:
            raise forms.ValidationError(
                f"要点が{POINTS}つを超えています（{len(lines)}つ）。{POINTS}つまでにしてください。"
            )
        long = next((line for line in lines if len(line) > POINT_LENGTH), None)
        if long:
            raise forms.ValidationError(
                f"「{long[:10]}…」が{POINT_LENGTH}字を超えています（{len(long)}字）。1つの要点を{POINT_LENGTH}字までにしてください。"
            )
        return lines


class ReportForm(ContactForm):
    """A report of ``politician``. ``by_owner``: whoever writes speaks for the politician, and needs no source."""

    title = VisitorText(
        label="題名",
        noun="題名",
        longest=TITLE_LENGTH,
        one_line=True,
        error_messages=missing("題名", "何をしたかが分かる題名を入れてください。"),
    )
    happened_on = Day(label="活動した日", error_messages=missing("活動した日", "活動した日付を入れてください。"))
    body = VisitorText(
        label="本文",
        noun="本文",
        longest=BODY_LENGTH,
        error_messages=missing("本文", "活動の内容を書いてください。"),
    )
    points = Points(label="要点", noun="要点", longest=POINTS * (POINT_LENGTH + 10), required=False)
    pledge = forms.ChoiceField(
        label="関連する公約",
        required=False,
        error_messages={"invalid_choice": "公約を読み取れません。一覧から選んでください。"},
    )
    source_title = VisitorText(
        label="出典の題名", noun="題名", longest=SOURCE_TITLE_LENGTH, one_line=True, required=False
    )
    source_url = WebAddress(label="出典のアドレス", longest=SOURCE_URL_LENGTH, required=False)
    machine_made = forms.BooleanField(label="機械が作成した文章を含みます", required=False)
    publish_at = forms.DateTimeField(
        label="公開する日時",
        required=False,
        input_formats=MOMENT_FORMATS,
        error_messages={"invalid": "日時を読み取れません。2026-11-24 18:00 のように入れてください。"},
    )
    # When the text that is being changed last changed, as the writer saw it.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        politician: Politician,
        by_owner: bool,
        hold: Hold | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, hold=hold, initial=initial)
        self.by_owner = by_owner
        self.pledges: dict[str, Pledge] = {
            addresses.encode(pledge.pk): pledge for pledge in offered_pledges(politician)[:PLEDGES_OFFERED]
        }
        choices = [(value, _of(pledge)) for value, pledge in self.pledges.items()]
        chosen = self.fields["pledge"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 - declared so above
        chosen.choices = [("", "公約とは結び付けない"), *choices]

    @property
    def needs_source(self) -> bool:
        """Whether a page that shows it must be named."""
        return not self.by_owner

    @property
    def wording(self) -> Wording:
        """What was written."""
        values = self.cleaned_data
        return Wording(
            title=values["title"],
            happened_on=values["happened_on"],
            body=values["body"],
            points=values["points"],
            pledge=self.pledges.get(values["pledge"]),
            source_title=values["source_title"],
            source_url=values["source_url"],
            machine_made=values["machine_made"],
        )

    @property
    def picks_a_day(self) -> bool:
        """Whether the browser's own field for days may hold what was typed; it would lose anything else."""
        return holds_day(self["happened_on"].value())

    @property
    def picks_a_moment(self) -> bool:
        """The same for its field for days with hours."""
        value = str(self["publish_at"].value() or "")
        return not value or (holds_day(value[:10]) and value[10:11] == "T" and len(value) == 16)


def _of(pledge: Pledge) -> str:
    return f"{pledge.title}（政党の公約）" if pledge.party_id else pledge.title


def typed(data: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields, for a draft."""
    return drafts.typed(data, KEPT, LONGEST_KEPT)


def fields_of(report: ActivityReport) -> dict[str, Any]:
    """What the form holds of a report that is to be changed."""
    moment = timezone.localtime(report.publish_at).strftime(MOMENT_FORMATS[0])
    return {
        **report.content,
        "pledge": addresses.encode(report.pledge_id) if report.pledge_id else "",
        "publish_at": moment if report.publish_at > timezone.now() else "",
        "contact": contact_of(report),
        "seen": report.changed_at.isoformat(),
    }


class PictureForm(VisitorForm):
    """A picture to add, with what it shows."""

    picture = forms.FileField(
        label="写真のファイル",
        allow_empty_file=False,
        error_messages={
            "required": "写真のファイルが選ばれていません。ファイルを選んでください。",
            "missing": "写真のファイルが選ばれていません。ファイルを選んでください。",
            "invalid": "写真のファイルを受け取れませんでした。もう一度選んでください。",
            "empty": "写真のファイルが空です。別のファイルを選んでください。",
        },
    )
    alt = VisitorText(
        label="写真の説明",
        noun="写真の説明",
        longest=ALT_LENGTH,
        one_line=True,
        error_messages=missing("写真の説明", "写真が見えない人に伝わるように、写っているものを書いてください。"),
    )


def report_filters(params: Mapping[str, str], pledge: Pledge | None) -> Filters:
    """The boxes over the list of reports, filled from the query string. ``pledge``: the one that the address names."""
    fields = [
        choice("office", "職", "すべて", Office.choices),
        choice("prefecture", "都道府県", "全国", prefectures().values_list("code", "name")),
    ]
    if pledge is not None:
        fields.append(choice("pledge", "公約", "すべて", [(addresses.encode(pledge.pk), pledge.title)]))
    filters = Filters(fields)
    filters.read(params)
    return filters
