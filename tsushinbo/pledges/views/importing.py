"""Where a manifesto is read in: the list, then a table of its pledges to correct in place, then all are saved together."""

from http import HTTPStatus
from math import ceil

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.models import User
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.elections.queries import hold_of
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import LOGGED_OUT, Refusal, SeeOther, attempt, private
from tsushinbo.moderation.forms.contacts import ContactForm
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.errors import DraftGone
from tsushinbo.pledges.forms import PledgeForm
from tsushinbo.pledges.forms.importing import (
    SHARED,
    Choices,
    ListForm,
    Row,
    row_of,
    rows_of,
    shared_form,
    typed_rows,
    typed_shared,
)
from tsushinbo.pledges.manifestos import MOST_BYTES, decoded, read
from tsushinbo.pledges.models import PledgeDraft
from tsushinbo.pledges.queries.contributions import near_duplicates_of_many, own_drafts
from tsushinbo.pledges.services.drafts import delete_draft, save_draft
from tsushinbo.pledges.services.importing import import_pledges
from tsushinbo.pledges.services.proposals import faults_of, person_of
from tsushinbo.pledges.views.members import (
    crumbs,
    owner_asked,
    status_of,
    whose,
    writes_at_once,
)

ROWS_SHOWN = 20
# Beside the list: the other fields, and what surrounds each on the way.
FORM_BYTES = 256 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def start(request: HttpRequest) -> HttpResponse:
    """Take a list of pledges of the owner that the address names, and lead to its preview."""
    account, owner = logged_in(request), owner_asked(request)
    if owner is None:
        return SeeOther(reverse("pledges:new"))
    if request.method != "POST":
        if account is None:
            return redirect_to_login(request.get_full_path())
        return _start_page(request, account, owner, ListForm(), PledgeForm(owner=owner))
    if int(request.META.get("CONTENT_LENGTH") or 0) > 2 * MOST_BYTES + FORM_BYTES:
        # Not read at all: what is too large must not fill the disk on the way.
        fault = f"送られた内容が大きすぎます。{MOST_BYTES // 1024}キロバイトまでにしてください。"
        return _start_page(request, account, owner, ListForm(), PledgeForm(owner=owner), fault=fault, status=413)
    form = ListForm(request.POST, request.FILES)
    shared = PledgeForm(owner=owner, initial=typed_shared(request.POST.dict()))
    if account is None:
        return _start_page(request, account, owner, form, shared, fault=LOGGED_OUT, status=HTTPStatus.FORBIDDEN)
    if not form.is_valid():
        return _start_page(request, account, owner, form, shared, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = attempt(lambda: _read(request, account, owner, form))
    except RuleBroken as refusal:
        return _start_page(request, account, owner, form, shared, fault=refusal.message, status=status_of(refusal))
    if isinstance(done, Refusal):
        answer = _start_page(request, account, owner, form, shared, fault=done.message, status=done.status)
        return private(answer, done)
    return SeeOther(done.get_absolute_url())


def _read(request: HttpRequest, account: User, owner: Politician | Party, form: ListForm) -> PledgeDraft:
    """Keep the rows of the list as a draft; rows that are alike to what is registered are left out until somebody says otherwise."""
    file = form.cleaned_data["file"]
    text = decoded(file.read(MOST_BYTES + 1)) if file else form.cleaned_data["pasted"]
    rows = [dict(row) for row in read(text, Choices.of(owner).names).rows]
    alike = near_duplicates_of_many(owner, [(row["title"], row["text"]) for row in rows])
    kept = [{**row, "skipped": bool(found)} for row, found in zip(rows, alike, strict=True)]
    fields = typed_shared(request.POST.dict())
    return save_draft(author=account, owner=owner, fields=fields, rows=kept, at=timezone.now())


def _start_page(
    request: HttpRequest,
    account: User | None,
    owner: Politician | Party,
    form: ListForm,
    shared: PledgeForm,
    *,
    fault: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "section": "pledges",
        "crumbs": crumbs((str(owner), owner.get_absolute_url()), ("まとめて登録する", None)),
        "account": account,
        "owner": owner,
        "address": f"{reverse('pledges:import')}?{whose(owner)}",
        "one": f"{reverse('pledges:new')}?{whose(owner)}",
        "form": form,
        "shared": shared,
        "fault": fault,
        "kilobytes": MOST_BYTES // 1024,
        "at_once": writes_at_once(request, account, owner),
    }
    return private(render(request, "pledges/import.html", context, status=status))


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def preview(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The table of a list: correct it, page by page, and save all of it."""
    account = logged_in(request)
    if account is None and request.method != "POST":
        return redirect_to_login(request.get_full_path())
    draft = own_drafts(account).filter(pk=draft_id, rows__isnull=False).first() if account else None
    if account is None or draft is None:
        # Saved in another window, thrown away, or another's: no double comes of sending it again.
        return SeeOther(f"{reverse('pledges:mine')}?done=again")
    if request.method != "POST":
        return _table(request, account, draft, _page_asked(request.GET.get("page"), draft))
    shown = _page_asked(request.POST.get("page"), draft)
    draft.rows = typed_rows(request.POST.dict(), draft.rows or [], _numbers(draft, shown))
    draft.fields = typed_shared(request.POST.dict())
    deed = request.POST.get("deed", "post")
    try:
        done = attempt(lambda: _do(request, account, draft, deed, shown))
    except DraftGone:
        return SeeOther(f"{reverse('pledges:mine')}?done=again")
    except RuleBroken as refusal:
        return _table(request, account, draft, shown, fault=refusal.message, status=status_of(refusal))
    if isinstance(done, Refusal):
        return private(_table(request, account, draft, shown, fault=done.message, status=done.status), done)
    return done


def _do(request: HttpRequest, account: User, draft: PledgeDraft, deed: str, shown: int) -> HttpResponse:
    if deed == "drop":
        delete_draft(draft)
        return SeeOther(f"{reverse('pledges:mine')}?done=dropped")
    at = timezone.now()
    save_draft(author=account, owner=draft.owner, draft_id=draft.pk, fields=draft.fields, rows=draft.rows, at=at)
    if deed.startswith("page-") or deed == "save":
        page = _page_asked(deed.removeprefix("page-"), draft) if deed != "save" else shown
        return SeeOther(f"{draft.get_absolute_url()}?page={page}&done=saved")
    rows = _rows(draft, Choices.of(draft.owner))
    wrong = next((row.number for row in rows if not row.is_sound), None)
    wanted = [row for row in rows if not row.skipped]
    if wrong is not None:
        page = (wrong - 1) // ROWS_SHOWN + 1
        shared_only = not rows[wrong - 1].faults
        fault = f"{'共通の出典' if shared_only else f'{wrong}行目'}を直してください。入力した内容は残っています。"
        return _table(request, account, draft, page, fault=fault, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not wanted:
        fault = "登録する公約が選ばれていません。登録する行に印を付けてください。"
        return _table(request, account, draft, shown, fault=fault, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    signed = _signed(draft, told=True)
    if not signed.is_valid():
        fault = "連絡先を直してください。入力した内容は残っています。"
        return _table(request, account, draft, shown, fault=fault, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    at_once = writes_at_once(request, account, draft.owner)
    contents = [row.form.content for row in wanted]
    import_pledges(draft=draft, author=account, contents=contents, at_once=at_once, contact=signed.given_contact, at=at)
    return SeeOther(f"{reverse('pledges:mine')}?done={'published' if at_once else 'imported'}")


def _signed(draft: PledgeDraft, *, told: bool) -> ContactForm:
    """The contact of who sends the list, which is asked while the politician stands in a campaign; told: with what is to be mended."""
    person = person_of(draft.owner)
    hold = hold_of(person, timezone.now()) if person is not None else None
    return ContactForm(draft.fields if told else None, hold=hold, initial=draft.fields)


def _rows(draft: PledgeDraft, choices: Choices) -> list[Row]:
    """Every row as a form, with what the rules have against it."""
    rows = rows_of(draft.rows or [], draft.fields, draft.owner, choices)
    for row in rows:
        _judge(row)
    return rows


def _judge(row: Row) -> None:
    if not row.skipped and row.form.is_valid():
        row.form.refuse(faults_of(row.form.content, timezone.now()))


def _pages(draft: PledgeDraft) -> int:
    return max(1, ceil(len(draft.rows or []) / ROWS_SHOWN))


def _page_asked(text: str | None, draft: PledgeDraft) -> int:
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else 1
    return min(max(number, 1), _pages(draft))


def _numbers(draft: PledgeDraft, page: int) -> range:
    """The numbers of the rows on a page, from 1."""
    first = (page - 1) * ROWS_SHOWN + 1
    return range(first, min(first + ROWS_SHOWN, len(draft.rows or []) + 1))


def _table(
    request: HttpRequest,
    account: User,
    draft: PledgeDraft,
    page: int,
    *,
    fault: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    owner, choices, all_rows = draft.owner, Choices.of(draft.owner), draft.rows or []
    rows = [row_of(number, all_rows[number - 1], draft.fields, owner, choices) for number in _numbers(draft, page)]
    found = near_duplicates_of_many(
        owner, [(str(row.form["title"].value()), str(row.form["text"].value())) for row in rows]
    )
    for row, alike in zip(rows, found, strict=True):
        row.alike = alike
        if status != HTTPStatus.OK:
            _judge(row)
    # Where every row that is wanted names its own, nothing is wrong with an empty one.
    told = status != HTTPStatus.OK and any(not row.get("skipped") and not row.get("source_url") for row in all_rows)
    shared = shared_form(draft.fields, owner, choices, told=told)
    signed = _signed(draft, told=status != HTTPStatus.OK)
    context = {
        "section": "pledges",
        "crumbs": crumbs((str(owner), owner.get_absolute_url()), ("まとめて登録する", None)),
        "signed": signed,
        "draft": draft,
        "owner": owner,
        "rows": rows,
        "total": len(all_rows),
        "wanted": sum(not row.get("skipped") for row in all_rows),
        "pages": range(1, _pages(draft) + 1),
        "page": page,
        "shared": shared,
        "shared_faults": [(bound, message) for bound, message in shared.to_mend if bound.name in SHARED]
        if told
        else [],
        "topics": [("", "選んでください"), *((area.pk, area.name) for area in choices.topics.values())],
        "fault": fault,
        "checked": status != HTTPStatus.OK,
        "notice": "修正を保存しました。" if request.GET.get("done") == "saved" else "",
        "at_once": writes_at_once(request, account, owner),
    }
    return private(render(request, "pledges/import_preview.html", context, status=status))
