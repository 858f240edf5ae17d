"""Where editors enter counts: the contests of these days, a file with its preview, the numbers of one contest; and what the file must look like."""

import csv
import io
from datetime import timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo.accounts.access import member_of
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.roles import Role
from tsushinbo.addresses import decode_or_404
from tsushinbo.caching import held_for_a_minute
from tsushinbo.elections.models import Contest, Election
from tsushinbo.elections.queries.counts import count_words, countable, on_record, rules_of
from tsushinbo.elections.services import CountMoved, CountRefused, Source, record_count
from tsushinbo.importers.counts.columns import COLUMNS, NOT_KEPT, About
from tsushinbo.importers.counts.files import MOST_BYTES, ask_otherwise, import_file, keep_file, plan_of_file
from tsushinbo.importers.counts.plan import Plan
from tsushinbo.importers.counts.run import DayInDoubt, stamp_of
from tsushinbo.importers.forms import ConditionsForm, CountForm, FileForm
from tsushinbo.importers.models import CountFile
from tsushinbo.importers.refusals import Unusable
from tsushinbo.japanese.clocks import clock_words
from tsushinbo.moderation.answers import KEPT, Refusal, SeeOther, attempt, private
from tsushinbo.moderation.views.doors import for_deciders

# The nights after which counts are still asked for on the first page; others are found by their election.
DAYS = 7
ELECTIONS = 20
SHOWN = 200
FORM_BYTES = 64 * 1024
DONE = {
    "imported": "取り込みました。",
    "saved": "登録しました。",
    "same": "記録と同じ内容のため、変わったところはありません。",
    "dropped": "表を取りやめました。何も取り込んでいません。",
    "gone": "その表は、もう取り込んだか、取りやめたか、1日がたって消えています。",
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_deciders
def counts(request: HttpRequest) -> HttpResponse:
    """The contests whose counts come in, and a file to upload."""
    if request.method != "POST":
        return _desk(request, FileForm())
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + FORM_BYTES:
        # Not read at all: what is too large must not fill the disk on the way.
        fault = f"ファイルが大きすぎます。{MOST_BYTES // 1024 // 1024}メガバイトまでにするか、コマンド（tsushinbo count）で取り込んでください。"
        return _desk(request, FileForm(), fault=fault, status=413)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _desk(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    file, values = form.cleaned_data["file"], form.cleaned_data
    data = file.read(MOST_BYTES + 1)
    try:
        kept = attempt(
            lambda: keep_file(
                uploader=member_of(request), name=file.name, data=data, ignore_unknown=values["ignore_unknown"],
                reason=values["reason"], at=timezone.now(),
            )
        )  # fmt: skip
    except Unusable as fault:
        return _desk(request, form, fault=f"{fault}。", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if isinstance(kept, Refusal):
        return private(_desk(request, form, fault=kept.message, status=kept.status), kept)
    return SeeOther(kept.get_absolute_url())


def _desk(request: HttpRequest, form: FileForm, *, fault: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
    asked = _election_asked(request)
    today = timezone.localdate()
    rows = list(asked.contests.select_related("election__area").order_by("tier", "name")) if asked else None
    if rows is None:
        rows = list(countable((today - timedelta(days=back)).isoformat() for back in range(DAYS)))
    context = {
        "crumbs": _crumbs(),
        "form": form,
        "fault": fault,
        "asked": asked,
        "rows": [(row, count_words(row)) for row in rows],
        "elections": Election.objects.filter(upcoming=False).order_by("-polling_on", "name")[:ELECTIONS],
        "megabytes": MOST_BYTES // 1024 // 1024,
        "notice": DONE.get(request.GET.get("done", ""), ""),
    }
    return private(render(request, "importers/counts.html", context, status=status))


def _election_asked(request: HttpRequest) -> Election | None:
    text = request.GET.get("election", "")
    if not text:
        return None
    return get_object_or_404(Election, pk=decode_or_404(text))


def _crumbs(*here: str) -> list[tuple[str, str | None]]:
    return [("開票の登録", reverse("importers:counts") if here else None), *((word, None) for word in here)]


@require_http_methods(["GET", "HEAD", "POST"])
@for_deciders
def count_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """What a file would do, before anything is written."""
    file = CountFile.objects.filter(pk=file_id, uploader=member_of(request)).first()
    if file is None:
        return SeeOther(f"{reverse('importers:counts')}?done=gone")
    if request.method != "POST":
        return _preview(request, file)
    if request.POST.get("deed") == "drop":
        file.delete()
        return SeeOther(f"{reverse('importers:counts')}?done=dropped")
    form = ConditionsForm(request.POST)
    if not form.is_valid():
        return _preview(request, file, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    values = form.cleaned_data
    other = ask_otherwise(file, ignore_unknown=values["ignore_unknown"], reason=values["reason"])
    if other or request.POST.get("deed") != "import":
        # Under other conditions it would do something else than what was looked at.
        return SeeOther(f"{file.get_absolute_url()}?done=checked")
    actor, seen = member_of(request), request.POST.get("seen", "")
    sure = values["days_are_right"]
    try:
        done = attempt(
            lambda: import_file(
                file, seen=seen, actor=actor, role=role_of(actor), at=timezone.now(), days_are_right=sure
            )
        )
    except DayInDoubt as doubt:
        form.add_error("days_are_right", doubt.message)
        return _preview(request, file, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except CountMoved as moved:
        return _preview(request, file, fault=moved.message, status=HTTPStatus.CONFLICT)
    if isinstance(done, Refusal):
        return private(_preview(request, file, fault=done.message, status=done.status), done)
    return SeeOther(f"{reverse('importers:counts')}?done=imported")


def _preview(
    request: HttpRequest, file: CountFile, *, form: ConditionsForm | None = None, fault: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:  # fmt: skip
    plan: Plan = plan_of_file(file, at=timezone.now())
    initial = {"reason": file.reason, "ignore_unknown": file.ignore_unknown}
    context = {
        "crumbs": _crumbs(file.name),
        "file": file,
        "plan": plan,
        "contests": plan.contests[:SHOWN],
        "refusals": plan.refusals[:SHOWN],
        "stamp": stamp_of(plan),
        "form": form or ConditionsForm(initial=initial),
        "fault": fault,
        "notice": "この条件で、もう一度確かめました。" if request.GET.get("done") == "checked" and not fault else "",
    }
    return private(render(request, "importers/count_file.html", context, status=status))


@require_http_methods(["GET", "HEAD", "POST"])
@for_deciders
def count(request: HttpRequest, election_id: int, contest_id: int) -> HttpResponse:
    """Enter the count of one contest."""
    found = Contest.objects.select_related("election__area")
    contest = get_object_or_404(found, pk=contest_id, election=election_id)
    record = on_record([contest])[contest.pk]
    if request.method != "POST":
        return _form_page(request, contest, CountForm(None, contest=contest, record=record))
    form = CountForm(request.POST, contest=contest, record=record)
    if not form.is_valid():
        return _form_page(request, contest, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = attempt(lambda: _record(request, contest, form))
    except CountMoved as moved:
        # The form goes back with what was typed, over what is on record now and under its version.
        return _form_page(request, contest, form, fault=moved.message, status=HTTPStatus.CONFLICT)
    except CountRefused as refused:
        faults = []
        for fault in refused.faults:
            if fault.what in form.fields:
                form.add_error(fault.what, f"{fault.message}。")
            else:
                faults.append(f"{fault.message}。")
        return _form_page(request, contest, form, fault="".join(faults), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if isinstance(done, Refusal):
        return private(_form_page(request, contest, form, fault=done.message, status=done.status), done)
    return SeeOther(f"{reverse('importers:count', args=[election_id, contest_id])}?done={'saved' if done else 'same'}")


def _record(request: HttpRequest, contest: Contest, form: CountForm) -> bool:
    actor = member_of(request)
    typed = request.POST.get("version", "")
    return record_count(
        contest_id=contest.pk,
        # What is no number was no version of ours: the record has moved on since.
        version=int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1,
        progress=form.progress,
        results=form.results,
        lists=form.list_results,
        reason=form.cleaned_data["reason"],
        source=Source(actor=actor, role=role_of(actor)),
        at=timezone.now(),
    )


def role_of(user: User) -> str:
    """What the public record shows of who entered a count."""
    return next(
        (str(role.label) for role in (Role.EDITOR, Role.MODERATOR, Role.ADMINISTRATOR) if holds_role(user, role)),
        "運営",
    )


def _form_page(
    request: HttpRequest, contest: Contest, form: CountForm, *, fault: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    rules = rules_of(contest, timezone.now())
    context = {
        "crumbs": _crumbs(f"{contest.election} {contest.name}"),
        "contest": contest,
        "form": form,
        "fault": fault,
        "kept": KEPT if fault else "",
        "open": not rules.closed,
        "closes": clock_words(rules.closes_at) if rules.closes_at and not rules.closed else "",
        "as_of": count_words(contest),
        "notice": DONE.get(request.GET.get("done", ""), "") if not fault and status == HTTPStatus.OK else "",
    }
    return private(render(request, "importers/count.html", context, status=status))


@require_safe
@held_for_a_minute
def count_format(request: HttpRequest) -> HttpResponse:
    """What the file must look like, column by column."""
    parts = [(about, [column for column in COLUMNS if column.about == about]) for about in About]
    context = {
        "section": "elections",
        "crumbs": [("選挙", reverse("site:elections")), ("候補者と開票の表", None)],
        "parts": [(str(about), rows) for about, rows in parts],
        "not_kept": "、".join(NOT_KEPT),
    }
    return render(request, "importers/count_format.html", context)


@require_safe
@held_for_a_minute
def count_sample(request: HttpRequest) -> HttpResponse:
    """A file of the right form, of people who are nobody."""
    text = io.StringIO()
    writer = csv.writer(text)
    used = [column for column in COLUMNS if column.example or column.code in SAMPLED]
    writer.writerow([SAMPLE_NOTE, *(column.name for column in used)])
    for number, row in enumerate(SAMPLE):
        values = [row.get(column.code, column.example) for column in used]
        writer.writerow(["" if number else FILL_IN, *values])
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = (
        "attachment; filename=\"kaihyo-sample.csv\"; filename*=UTF-8''%E9%96%8B%E7%A5%A8%E8%A1%A8%E3%81%AE%E8%A6%8B%E6%9C%AC.csv"
    )
    return response


# Nobody lives there: with a code of its own, people who are nobody would come onto the page of a real town.
SAMPLE_NOTE = "備考"
FILL_IN = "見本です。取り込む前に、団体コード（6桁）を書き、選挙名・投票日・候補者を実際のものに直してください（この列は読みません）"
SAMPLED = ("area_code", "endorsements", "outcome")
SAMPLE: tuple[dict[str, str], ...] = (
    {},
    {"number": "2", "name": "見本花子", "kana": "みほんはなこ", "endorsements": "見本党", "status": "現", "age": "58", "occupation": "市長", "votes": "12000.322"},
)  # fmt: skip
