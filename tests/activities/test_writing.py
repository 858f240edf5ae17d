"""The form of a report: who may write, and that nothing typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.activities.factories import DraftFactory, MemberReportFactory, ReportFactory, image_bytes, upload
from tests.activities.test_images import SVG, png_header
from tests.outline import Outline
from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport, Draft, Picture
from tsushinbo.addresses import encode
from tsushinbo.people.models import Politician

FIELDS = {
    "title": "通学路の安全点検に参加しました",
    "happened_on": "2026-01-19",
    "body": "## 結果\n\n41か所を確かめました。",
    "points": "・41か所を点検した\n- 次は2月",
    "source_title": "市議会だより",
    "source_url": "https://www.example.com/tayori/",
}


@pytest.fixture
def address(politician: Politician) -> str:
    return f"{reverse('activities:new')}?politician={encode(politician.pk)}"


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_a_visitor_is_led_to_the_log_in_and_back(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=/activities/new/")


def test_without_a_name_the_page_asks_whose(client: Client, politician: Politician, office: User) -> None:
    assert "どの政治家の活動ですか" in text_of(client.get("/activities/new/"))
    client.force_login(office)
    assert f"{politician.spaced_name}さんの活動報告を書く" in text_of(client.get("/activities/new/"))
    assert client.get("/activities/new/", {"politician": "x"}).status_code == 404
    assert client.get("/activities/new/", {"politician": encode(1)}).status_code == 404


def test_the_office_posts_and_everybody_reads(
    client: Client, address: str, politician: Politician, office: User
) -> None:
    client.force_login(office)
    response = client.post(address, {**FIELDS, "source_title": "", "source_url": "", "machine_made": "on"})
    report = ActivityReport.objects.get()
    assert response.status_code == 303
    assert response.headers["Location"] == f"{report.get_absolute_url()}?done=posted"
    assert report.points == ["41か所を点検した", "次は2月"]
    assert report.machine_made
    assert Client().get(report.get_absolute_url()).status_code == 200


def test_a_citizens_report_waits_and_says_so(client: Client, address: str, citizen: User) -> None:
    client.force_login(citizen)
    response = client.post(address, FIELDS, follow=True)
    assert "管理者の確認後に公開されます。24時間以内に確認します。" in text_of(response)
    assert Client().get(ActivityReport.objects.get().get_absolute_url()).status_code == 404


def test_what_cannot_be_taken_stays_on_the_page_with_what_is_wrong(client: Client, address: str, citizen: User) -> None:
    client.force_login(citizen)
    sent = {
        **FIELDS,
        "title": "",
        "happened_on": "いつか",
        "points": "一\n二\n三\n四\n五\n六",
        "source_url": "javascript:alert(1)",
        "pledge": "x",
    }
    response = client.post(address, sent)
    assert response.status_code == 422
    text = text_of(response)
    outline = Outline(text)
    assert outline.wanted <= set(outline.ids)
    for kept in ("いつか", "41か所を確かめました。", "javascript:alert(1)"):
        assert kept in text
    for message in (
        "題名が入力されていません",
        "日付を読み取れません",
        "要点が5つを超えています（6つ）",
        "アドレスを読み取れません",
        "公約を読み取れません",
    ):
        assert message in text
    assert "5か所を直してください" in text
    assert not ActivityReport.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "あ" * 81, "題名が80字を超えています（81字）"),
        ("body", "あ" * 20_001, "本文が20,000字を超えています（20,001字）"),
        ("points", "あ" * 101, "が100字を超えています（101字）"),
        ("happened_on", "2999-01-01", "日付が未来になっています"),
        ("source_title", "", "出典の題名が入力されていません"),
        ("publish_at", "あした", "日時を読み取れません"),
        ("publish_at", "2999-01-01T10:00", "1年より先になっています"),
        ("publish_at", "2001-01-01T00:00", "公開の日時が過ぎています"),
    ],
)
def test_each_limit_has_its_message(
    client: Client, address: str, citizen: User, field: str, value: str, message: str
) -> None:
    client.force_login(citizen)
    response = client.post(address, {**FIELDS, field: value})
    assert response.status_code == 422
    assert message in text_of(response)


def test_who_was_logged_out_meanwhile_loses_nothing(client: Client, address: str) -> None:
    response = client.post(address, FIELDS)
    assert response.status_code == 403
    assert "別の画面でログインしてから" in text_of(response)
    assert "41か所を確かめました。" in text_of(response)


def test_another_site_cannot_post(client: Client, address: str, office: User) -> None:
    client.force_login(office)
    assert client.post(address, FIELDS, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post(address, FIELDS, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not ActivityReport.objects.exists()


def test_nobody_sets_more_than_the_form_has(
    client: Client, address: str, citizen: User, politician: Politician, neighbour: User
) -> None:
    client.force_login(citizen)
    client.post(
        address,
        {**FIELDS, "by_owner": "1", "state": "approved", "author": neighbour.pk},
    )
    report = ActivityReport.objects.get()
    assert (report.by_owner, report.state, report.author) == (False, "pending", citizen)
    assert report.publish_at == report.created_at


def test_a_draft_is_kept_without_script(client: Client, address: str, citizen: User) -> None:
    client.force_login(citizen)
    response = client.post(address, {"title": "書きかけ", "body": "途中\x00まで", "deed": "save"}, follow=True)
    draft = Draft.objects.get()
    assert draft.fields["body"] == "途中まで"
    text = text_of(response)
    assert "下書きを保存しました。" in text
    assert "途中まで" in text
    client.post(address, {"title": "続き", "deed": "save", "draft": encode(draft.pk)})
    draft.refresh_from_db()
    assert draft.title == "続き"
    assert "続き" in text_of(client.get("/activities/mine/"))
    response = client.post(address, {"deed": "drop", "draft": encode(draft.pk)}, follow=True)
    assert "下書きを削除しました。" in text_of(response)
    assert not Draft.objects.exists()


def test_a_draft_is_kept_by_script_in_a_part_of_the_page(client: Client, address: str, citizen: User) -> None:
    client.force_login(citizen)
    part = text_of(client.post(address, {"title": "書きかけ", "deed": "save"}, headers={"HX-Request": "true"}))
    draft = Draft.objects.get()
    assert f'name="draft" value="{encode(draft.pk)}"' in part
    assert "<html" not in part


def test_a_draft_is_nobody_elses(
    client: Client, address: str, citizen: User, neighbour: User, politician: Politician
) -> None:
    draft = DraftFactory(author=citizen, politician=politician)
    client.force_login(neighbour)
    assert client.get(f"{address}&draft={encode(draft.pk)}").status_code == 404
    for deed in ("save", "drop", "post", "preview", "picture", "remove-1"):
        response = client.post(address, {**FIELDS, "deed": deed, "draft": encode(draft.pk)})
        assert response.status_code == 409
    draft.refresh_from_db()
    assert draft.fields["title"] == "書きかけの題名"
    assert not ActivityReport.objects.exists()
    assert "書きかけの題名" not in text_of(client.get("/activities/mine/"))


def test_a_posted_draft_is_posted_once(client: Client, address: str, citizen: User) -> None:
    client.force_login(citizen)
    client.post(address, {**FIELDS, "deed": "save"})
    sent = {**FIELDS, "draft": encode(Draft.objects.get().pk)}
    assert client.post(address, sent).status_code == 303
    assert client.post(address, sent).status_code == 409
    assert ActivityReport.objects.count() == 1


def test_a_preview_stores_nothing(client: Client, address: str, citizen: User) -> None:
    client.force_login(citizen)
    page = text_of(client.post(address, {**FIELDS, "body": "**強く** <script>", "deed": "preview"}))
    assert "<strong>強く</strong> &lt;script&gt;" in page
    assert FIELDS["title"] in page
    part = text_of(client.post(address, {"body": "## 見出し", "deed": "preview"}, headers={"HX-Request": "true"}))
    assert "<h2>見出し</h2>" in part
    assert "<html" not in part
    assert not Draft.objects.exists()
    assert not ActivityReport.objects.exists()


def test_a_picture_comes_into_the_text_and_with_the_report(client: Client, address: str, office: User) -> None:
    client.force_login(office)
    response = client.post(address, {**FIELDS, "deed": "picture", "picture": upload(), "alt": "校門の前"}, follow=True)
    draft = Draft.objects.get()
    assert "写真を加え" in text_of(response)
    assert draft.fields["body"].endswith("41か所を確かめました。\n\n![](写真1)\n")
    client.post(address, {**draft.fields, "draft": encode(draft.pk)})
    report = ActivityReport.objects.get()
    picture = Picture.objects.get()
    assert (picture.report, picture.alt) == (report, "校門の前")
    assert f"/activities/pictures/{picture.name}/480.jpg" in text_of(Client().get(report.get_absolute_url()))


def test_a_picture_is_taken_out_again(client: Client, address: str, office: User) -> None:
    client.force_login(office)
    client.post(address, {**FIELDS, "deed": "picture", "picture": upload(), "alt": "校門の前"})
    draft = Draft.objects.get()
    client.post(address, {**draft.fields, "draft": encode(draft.pk), "deed": "remove-1"})
    draft.refresh_from_db()
    assert "写真1" not in draft.fields["body"]
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (SVG, "写真として読み取れません"),
        (b"<script>alert(1)</script>", "写真として読み取れません"),
        (png_header(20_000, 20_000), "画素数が多すぎます"),
        (image_bytes("GIF", (10, 10)), "写真として読み取れません"),
        (b"", "空です"),
    ],
)
def test_hostile_files_are_refused_with_words(
    client: Client, address: str, citizen: User, data: bytes, message: str
) -> None:
    client.force_login(citizen)
    file = SimpleUploadedFile("../../../evil.jpg", data, content_type="image/jpeg")
    response = client.post(address, {**FIELDS, "deed": "picture", "picture": file, "alt": "説明"})
    assert response.status_code == 422
    assert message in text_of(response)
    assert "41か所を確かめました。" in text_of(response)
    assert not Picture.objects.exists()


def test_a_picture_needs_words(client: Client, address: str, citizen: User) -> None:
    client.force_login(citizen)
    response = client.post(address, {**FIELDS, "deed": "picture", "picture": upload(), "alt": " "})
    assert response.status_code == 422
    text = text_of(response)
    # Said first, where the page opens, and beside the field; the browser has forgotten the file.
    assert "写真を加えられませんでした。1か所を直してください。" in text
    assert text.count("写真の説明が入力されていません") == 2
    assert "写真のファイルを、もう一度選んでください。" in text


def test_what_is_too_large_is_not_read(client: Client, address: str, citizen: User, settings: Settings) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    client.force_login(citizen)
    file = upload(b"\xff" * (1024 * 1024 + 4096))
    response = client.post(address, {**FIELDS, "deed": "picture", "picture": file, "alt": "説明"})
    assert response.status_code == 413
    assert "大きすぎます" in text_of(response)


@pytest.mark.parametrize("fault", [OperationalError("database is locked"), OSError(28, "No space left on device")])
def test_a_full_disk_is_told_and_loses_nothing(
    client: Client, address: str, citizen: User, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def full(**_: object) -> None:
        raise fault

    client.force_login(citizen)
    for service, deed in (("post_report", "post"), ("save_draft", "save")):
        monkeypatch.setattr(f"tsushinbo.activities.services.{service}", full)
        response = client.post(address, {**FIELDS, "deed": deed})
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
        assert "41か所を確かめました。" in text_of(response)


@pytest.mark.parametrize(
    "setting", ["RATE_REPORTS_PER_ACCOUNT", "RATE_DRAFTS_PER_ACCOUNT", "RATE_PICTURES_PER_ACCOUNT"]
)
def test_a_flood_is_told_when_to_come_back(
    client: Client, address: str, citizen: User, settings: Settings, setting: str
) -> None:
    setattr(settings, setting, 0)
    client.force_login(citizen)
    deed = {
        "RATE_REPORTS_PER_ACCOUNT": "post",
        "RATE_DRAFTS_PER_ACCOUNT": "save",
        "RATE_PICTURES_PER_ACCOUNT": "picture",
    }[setting]
    response = client.post(address, {**FIELDS, "deed": deed, "picture": upload(), "alt": "説明"})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) <= 600
    assert "41か所を確かめました。" in text_of(response)


def test_a_report_is_changed_by_its_writer_alone(
    client: Client, politician: Politician, citizen: User, neighbour: User, office: User
) -> None:
    report = MemberReportFactory(politician=politician, author=citizen, state="approved")
    address = reverse("activities:edit", args=[report.pk])
    assert client.get(address).status_code == 302
    for stranger in (neighbour, office):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
        assert client.post(address, FIELDS).status_code == 404
    client.force_login(citizen)
    text = text_of(client.get(address))
    assert "変更すると、確認が終わるまで公開が止まります。" in text
    assert f'value="{report.title}"' in text
    response = client.post(address, {**FIELDS, "seen": report.changed_at.isoformat()})
    assert response.status_code == 303
    report.refresh_from_db()
    assert (report.title, report.state) == (FIELDS["title"], "pending")


@pytest.mark.parametrize("seen", ["", "x", "2020-01-01T00:00:00", "2020-01-01T00:00:00+00:00"])
def test_a_change_to_what_was_changed_meanwhile_is_told(
    client: Client, politician: Politician, office: User, seen: str
) -> None:
    report = ReportFactory(politician=politician, author=office)
    client.force_login(office)
    response = client.post(reverse("activities:edit", args=[report.pk]), {**FIELDS, "seen": seen})
    assert response.status_code == 409
    assert "41か所を確かめました。" in text_of(response)


def test_a_change_has_a_draft_of_its_own(client: Client, politician: Politician, office: User) -> None:
    report = ReportFactory(politician=politician, author=office)
    client.force_login(office)
    address = reverse("activities:edit", args=[report.pk])
    client.post(address, {**FIELDS, "title": "書き直している", "seen": report.changed_at.isoformat(), "deed": "save"})
    text = text_of(client.get(address))
    assert "書き直している" in text
    assert report.changed_at.isoformat().replace("+", "+") in text
    assert client.post(address, {**FIELDS, "seen": report.changed_at.isoformat()}).status_code == 303
    assert not Draft.objects.exists()


def test_the_own_page_needs_an_account(client: Client) -> None:
    assert client.get("/activities/mine/").status_code == 302


def test_who_speaks_for_the_politician_no_longer_finds_no_way_that_leads_nowhere(
    client: Client, politician: Politician, office: User
) -> None:
    past = ReportFactory.create(politician=politician, author=office, title="代表として書いた報告")
    own = MemberReportFactory.create(author=office, title="利用者として書いた報告")
    draft = DraftFactory.create(author=office, politician=politician, report=past)
    client.force_login(office)
    ways = [reverse("activities:edit", args=[report.pk]) for report in (past, own)]
    page = text_of(client.get("/activities/mine/"))
    assert all(f'href="{way}"' in page for way in ways)
    assert draft.title in page
    office.delegations.all().delete()
    page = text_of(client.get("/activities/mine/"))
    assert [f'href="{way}"' in page for way in ways] == [False, True]
    assert past.title in page
    assert draft.title not in page
