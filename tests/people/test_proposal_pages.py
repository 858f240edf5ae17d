"""The pages where members propose about people, and the desk where editors decide."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.people.factories import (
    AreaFactory,
    ConstituencyFactory,
    CorrectionFactory,
    LinkFactory,
    MissingFactory,
    PartyFactory,
    PoliticianFactory,
    PrefectureFactory,
    TermFactory,
)
from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.moderation.models import DecisionReason
from tsushinbo.moderation.services import ban_account, decide
from tsushinbo.people.models import FactCorrection, PersonProposal, Politician
from tsushinbo.people.queries.proposals import disputed_corrections

pytestmark = pytest.mark.django_db
NEW = "/politicians/new/"
TYPED = {
    "name": "例示　花子", "kana": "レイジ ハナコ", "office": "mayor", "place": "見本市", "party": "", "starts_on": "2026年4月",
    "link_url": "https://hanako.example.com/", "source_url": "https://www.example.com/mayor/", "reason": "市の公式ページに載っています。",
}  # fmt: skip


@pytest.fixture
def member(client: Client) -> User:
    user = UserFactory.create()
    client.force_login(user)
    return user


@pytest.fixture
def city() -> Any:
    return AreaFactory.create(name="見本市")


def made_by(item: PersonProposal) -> Politician:
    """The politician that a proposal is about by now."""
    item.refresh_from_db()
    assert item.politician is not None
    return item.politician


def corrections_of(person: Politician) -> str:
    return reverse("people:corrections", args=[person.pk])


def as_read(client: Client, person: Politician) -> dict[str, str]:
    """What stands in the form before anybody types."""
    form = client.get(corrections_of(person)).context["form"]
    return {field.html_name: str(field.value() or "") for field in form}


def correct(client: Client, person: Politician, **typed: str) -> Any:
    sent = {**as_read(client, person), "source_url": "https://www.example.com/profile/", **typed}
    return client.post(corrections_of(person), sent)


# Somebody who is missing


def test_a_members_proposal_waits_and_is_on_their_own_page(client: Client, member: User, city: Any) -> None:
    answer = client.post(NEW, TYPED)
    assert answer.status_code == 303
    item = PersonProposal.objects.get()
    assert (item.state, item.author, item.politician) == ("pending", member, None)
    said = item.content
    assert (said["name"], said["kana"], said["starts_on"], said["area"]) == (
        "例示 花子",
        "れいじ はなこ",
        "2026-04",
        city.code,
    )
    page = client.get(answer.headers["Location"]).content.decode()
    assert "24時間以内に確認します" in page
    assert "例示 花子" in page
    assert "確認待ち" in page
    assert not Politician.objects.exists()


def test_an_editor_sees_what_is_needed_and_makes_the_page(client: Client, city: Any) -> None:
    namesake = PoliticianFactory.create(name="例示花子", family_name="", given_name="")
    item = MissingFactory.create(area=city)
    item.content["others"] = [
        {"id": addresses.encode(namesake.pk), "words": "例示花子（見本町長）", "url": namesake.get_absolute_url()}
    ]
    item.save()
    log_in_with_second_factor(client, UserFactory.create(role="editor"))
    desk = client.get(reverse("moderation:desk")).content.decode()
    for words in ("例示 花子", "見本市", 'href="https://www.example.com/mayor/"', "例示花子（見本町長）"):
        assert words in desk
    done = client.post(
        reverse("moderation:decide", args=[item.kind, item.pk]), {"deed": "approve", "version": item.version}
    )
    assert done.status_code == 303
    card = Client().get(made_by(item).get_absolute_url()).content.decode()
    assert "見本市長" in card
    assert "https://www.example.com/mayor/" in card


def test_a_correction_shows_before_and_after_at_the_desk(client: Client) -> None:
    item = CorrectionFactory.create()
    log_in_with_second_factor(client, UserFactory.create(role="moderator"))
    page = client.get(reverse("moderation:text", args=[item.kind, item.pk])).content.decode()
    for words in (
        "生年：1970年",
        "いまの記録：（なし）",
        "https://www.example.com/profile/",
        made_by(item).get_absolute_url(),
    ):
        assert words in page


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "氏名が入力されていません"),
        ("kana", "例示 花子", "ひらがな・カタカナ以外の文字"),
        ("kana", "れいじはなこ", "ふりがなも、姓と名のあいだに空白"),
        pytest.param("name", "例" * 41, "氏名が40字を超えています", id="long name"),
        pytest.param("kana", "れいじ " + "は" * 40, "ふりがなが40字を超えています", id="long reading"),
        ("office", "", "職が選ばれていません"),
        ("office", "emperor", "職を読み取れません"),
        ("place", "どこにもない市", "合うものが見つかりません"),
        ("starts_on", "2026-13", "日付を読み取れません"),
        ("starts_on", "٢٠٢٦", "日付を読み取れません"),
        ("link_url", "javascript:alert(1)", "アドレスを読み取れません"),
        ("source_url", "", "出典のアドレスが入力されていません"),
        ("party", "999", "政党を読み取れません"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_nothing_is_lost(
    client: Client, member: User, city: Any, field: str, value: str, message: str
) -> None:
    answer = client.post(NEW, {**TYPED, field: value})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    assert "市の公式ページに載っています。" in page
    assert not PersonProposal.objects.exists()


def test_who_bears_the_name_is_shown_before_anything_is_kept(client: Client, member: User, city: Any) -> None:
    first = PoliticianFactory.create(name="例示花子", family_name="例示", given_name="花子")
    second = PoliticianFactory.create(name="礼治華子", kana="れいじはなこ")
    PoliticianFactory.create(name="別人")
    answer = client.post(NEW, TYPED)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert first.get_absolute_url() in page
    assert second.get_absolute_url() in page
    assert "それでも提案する" in page
    distinct = answer.context["distinct"]
    assert client.post(NEW, {**TYPED, "distinct": distinct}).status_code == 303
    assert [one["id"] for one in PersonProposal.objects.get().content["others"]] == distinct.split()


def test_of_places_with_one_name_the_member_picks(client: Client, member: User) -> None:
    one, other = PrefectureFactory.create(name="東見本県"), PrefectureFactory.create(name="西見本県")
    AreaFactory.create(name="府中市", prefecture=one)
    west = AreaFactory.create(name="府中市", prefecture=other)
    answer = client.post(NEW, {**TYPED, "place": "府中市"})
    assert answer.status_code == 422
    assert "西見本県府中市" in answer.content.decode()
    assert client.post(NEW, {**TYPED, "place": "府中市", "chosen": f"a{west.code}"}).status_code == 303
    assert PersonProposal.objects.get().content["area"] == west.code
    assert client.post(NEW, {**TYPED, "name": "例示 次郎", "place": "西見本県府中市"}).status_code == 303


@pytest.mark.parametrize("place", ["見本県第1区", "見本県第１区"])
def test_a_member_of_the_diet_is_of_a_district_as_it_is_drawn_now(client: Client, member: User, place: str) -> None:
    prefecture = PrefectureFactory.create(name="見本県")
    ConstituencyFactory.create(name="見本県第1区", boundaries="2017", prefecture=prefecture)
    now = ConstituencyFactory.create(name="見本県第1区", boundaries="2024", prefecture=prefecture)
    assert client.post(NEW, {**TYPED, "office": "representatives", "place": place}).status_code == 303
    item = PersonProposal.objects.get()
    assert (item.content["constituency"], item.content["tier"]) == (str(now.pk), "single_seat")
    decide(item=item, approve=True, by=UserFactory.create(), at=timezone.now())
    assert "見本県第1区" in client.get(made_by(item).get_absolute_url()).content.decode()


def test_what_is_being_typed_is_looked_up_by_the_office(client: Client, city: Any) -> None:
    PrefectureFactory.create(name="見本県")
    address = f"{NEW}?office=mayor&place=見本"
    page = client.get(address, HTTP_HX_REQUEST="true").content.decode()
    assert page.strip() == '<option value="見本市"></option>'
    assert "見本県" in client.get(f"{NEW}?office=governor&place=見本", HTTP_HX_REQUEST="true").content.decode()
    assert client.get(f"{NEW}?office=%00&place=%00", HTTP_HX_REQUEST="true").status_code in {200, 400}


# A correction


@pytest.fixture
def person() -> Politician:
    """Somebody with a link and a running term."""
    politician = PoliticianFactory.create(given_name="太郎", birth_year=1960)
    LinkFactory.create(politician=politician)
    TermFactory.create(
        politician=politician, party=PartyFactory.create(name="見本党"), starts_on="2024-10-27", ends_on="2128-10-26"
    )
    return politician


def test_only_what_was_changed_is_proposed(client: Client, member: User, person: Politician) -> None:
    answer = correct(client, person, birth_year="１９６１", kana="ミホン タロウ")
    assert answer.status_code == 303
    [change] = PersonProposal.objects.get().changes
    assert (change["fact"], change["before_shown"], change["after_shown"]) == ("birth_year", "1960年", "1961年")
    assert "1961年" in client.get(answer.headers["Location"]).content.decode()
    page = client.get(corrections_of(person)).content.decode()
    assert "ご自分の訂正が、確認を待っています" in page
    assert 'value="1961"' in page


def test_who_left_has_no_legal_end_any_more(client: Client, member: User, person: Politician) -> None:
    running = next(name for name in as_read(client, person) if name.endswith("-running"))
    correct(client, person, **{running: "no"})
    changes = {change["fact"].rpartition(":")[2]: change["after"] for change in PersonProposal.objects.get().changes}
    assert changes == {"running": "no", "ends_on": ""}


def test_what_is_the_same_is_no_correction(client: Client, member: User, person: Politician) -> None:
    answer = correct(client, person, reason="説明だけ")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "いまの記録と同じです" in page
    assert "説明だけ" in page
    assert not PersonProposal.objects.exists()


def test_a_record_that_moved_under_the_writer_is_read_again(client: Client, member: User, person: Politician) -> None:
    sent = {**as_read(client, person), "source_url": "https://www.example.com/", "kana": "みほん たろ"}
    Politician.objects.update(birth_year=1999)
    answer = client.post(corrections_of(person), sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "みほん たろ" in page
    assert "いまの記録：1999" in page
    assert not PersonProposal.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "氏名は空にできません"),
        ("kana", "", "ふりがなは空にできません"),
        ("birth_year", "1800", "生年を読み取れません"),
        ("link", "ftp://example.com/", "アドレスを読み取れません"),
        ("source_url", "", "出典のアドレスが入力されていません"),
    ],
)
def test_a_bad_correction_keeps_what_was_typed(
    client: Client, member: User, person: Politician, field: str, value: str, message: str
) -> None:
    answer = correct(client, person, reason="書いた説明", **{field: value})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    assert "書いた説明" in page
    assert not PersonProposal.objects.exists()


def test_only_fields_of_the_form_count(client: Client, member: User, person: Politician) -> None:
    correct(
        client,
        person,
        birth_year="1961",
        merged_into="1",
        holds_office="",
        state="approved",
        **{"term-0-party_id": "1"},
    )
    item = PersonProposal.objects.get()
    assert item.state == "pending"
    assert [change["fact"] for change in item.changes] == ["birth_year"]


def test_what_was_corrected_is_public_with_date_and_source(client: Client) -> None:
    item = CorrectionFactory.create()
    address = corrections_of(made_by(item))
    assert "1970年" not in client.get(address).content.decode()
    decide(item=item, approve=True, by=UserFactory.create(), at=timezone.now())
    page = client.get(address).content.decode()
    for words in ("1970年", "記載なし", "https://www.example.com/profile/"):
        assert words in page


def test_text_cannot_break_out_of_the_page(client: Client, member: User, person: Politician) -> None:
    correct(client, person, name="<script>alert(1)</script>", reason='"><img src=x onerror=1>')
    item = PersonProposal.objects.get()
    log_in_with_second_factor(client, UserFactory.create(role="editor"))
    pages = [client.get(address).content.decode() for address in (reverse("moderation:desk"), corrections_of(person))]
    decide(item=item, approve=True, by=UserFactory.create(), at=timezone.now())
    pages += [client.get(address).content.decode() for address in (corrections_of(person), person.get_absolute_url())]
    for page in pages:
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page


def test_who_was_merged_leads_to_the_other(client: Client) -> None:
    other = PoliticianFactory.create()
    merged = PoliticianFactory.create(merged_into=other)
    answer = client.get(corrections_of(merged))
    assert (answer.status_code, answer.headers["Location"]) == (301, corrections_of(other))
    assert client.get("/politicians/0000000000/corrections/").status_code == 404


# Who may


@pytest.mark.parametrize("which", ["missing", "correction"])
def test_who_is_not_logged_in_is_told_how_to_come_in_and_loses_nothing(
    client: Client, city: Any, person: Politician, which: str
) -> None:
    address = NEW if which == "missing" else corrections_of(person)
    page = client.get(address).content.decode()
    assert f"/accounts/login/?next={address.replace('/', '%2F')}" in page
    answer = client.post(address, {**TYPED, "reason": "書いた説明"})
    assert answer.status_code == 403
    assert "書いた説明" in answer.content.decode()
    assert not PersonProposal.objects.exists()


@pytest.mark.parametrize("which", ["missing", "correction"])
def test_who_is_banned_is_refused(client: Client, member: User, city: Any, person: Politician, which: str) -> None:
    ban_account(
        account=member, by=UserFactory.create(), reason=DecisionReason.OTHER, note="", until=None, at=timezone.now()
    )
    answer = client.post(NEW, TYPED) if which == "missing" else correct(client, person, birth_year="1961")
    assert answer.status_code == 403
    assert not PersonProposal.objects.exists()


def test_a_member_can_send_only_so_many(
    client: Client, member: User, city: Any, person: Politician, settings: Any
) -> None:
    settings.RATE_PROPOSALS_PER_ACCOUNT = 1
    assert client.post(NEW, TYPED).status_code == 303
    assert client.post(NEW, {**TYPED, "name": "例示 次郎"}).status_code == 429
    answer = correct(client, person, birth_year="1961")
    assert answer.status_code == 429
    assert 'value="1961"' in answer.content.decode()


def test_another_site_cannot_send_the_forms(client: Client, member: User, city: Any, person: Politician) -> None:
    for address in (NEW, corrections_of(person)):
        assert client.post(address, TYPED, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert not PersonProposal.objects.exists()


def test_a_member_decides_nothing_and_takes_back_only_their_own(client: Client, member: User) -> None:
    theirs, own = MissingFactory.create(), CorrectionFactory.create(author=member)
    decision = reverse("moderation:decide", args=[theirs.kind, theirs.pk])
    assert client.post(decision, {"deed": "approve", "version": theirs.version}).status_code == 403
    assert client.post(reverse("people:withdraw", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("people:withdraw", args=[own.pk])).status_code == 303
    assert list(PersonProposal.objects.all()) == [theirs]


def test_the_writer_reads_the_reason_and_may_appeal(client: Client, member: User) -> None:
    item = MissingFactory.create(author=member)
    decide(
        item=item,
        approve=False,
        by=UserFactory.create(),
        at=timezone.now(),
        reason=DecisionReason.UNSOURCED,
        note="名簿にありません。",
    )
    page = client.get(reverse("people:mine")).content.decode()
    assert "出典から確認できない内容" in page
    assert "名簿にありません。" in page
    assert reverse("moderation:appeal", args=[item.kind, item.pk]) in page
    assert client.post(reverse("people:withdraw", args=[item.pk])).status_code == 409


def test_what_cannot_be_withdrawn_now_says_when_to_try_again(
    client: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**_: object) -> None:
        raise OperationalError("database is locked")

    item = CorrectionFactory.create(author=member)
    monkeypatch.setattr("tsushinbo.people.views.own.withdraw_proposal", locked)
    answer = client.post(reverse("people:withdraw", args=[item.pk]))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "いまは保存できませんでした" in answer.content.decode()


def test_two_editors_decide_once(client: Client) -> None:
    item = CorrectionFactory.create()
    version = item.version
    decide(item=item, approve=True, by=UserFactory.create(display_name="先の人"), at=timezone.now())
    log_in_with_second_factor(client, UserFactory.create(role="editor"))
    answer = client.post(
        reverse("moderation:decide", args=[item.kind, item.pk]),
        {"deed": "reject", "version": version, "reason": "unrelated"},
    )
    assert answer.status_code == 409
    assert "先の人さんが先に判断しました" in answer.content.decode()


# The way there, and its cost


def test_the_pages_lead_to_proposing(client: Client) -> None:
    person = PoliticianFactory.create()
    assert corrections_of(person) in client.get(person.get_absolute_url()).content.decode()
    assert NEW in client.get("/politicians/").content.decode()
    assert NEW in client.get("/search/?q=どこにもいない人").content.decode()
    client.force_login(UserFactory.create())
    assert reverse("people:mine") in client.get(reverse("accounts:home")).content.decode()


def test_pages_cost_a_fixed_number_of_queries(
    client: Client, member: User, person: Politician, django_assert_max_num_queries: Any
) -> None:
    def made(number: int) -> None:
        for _ in range(number):
            CorrectionFactory.create(politician=person, author=member, state="approved", decided_at=timezone.now())
            MissingFactory.create(author=member)

    made(2)
    client.get(corrections_of(person))
    with django_assert_max_num_queries(11):
        client.get(corrections_of(person))
    with django_assert_max_num_queries(6):
        client.get(reverse("people:mine"))
    made(8)
    with django_assert_max_num_queries(11):
        client.get(corrections_of(person))
    with django_assert_max_num_queries(6):
        client.get(reverse("people:mine"))


# In the admin


def test_an_administrator_settles_what_a_source_says_by_now(client: Client) -> None:
    item = CorrectionFactory.create()
    decide(item=item, approve=True, by=UserFactory.create(), at=timezone.now())
    correction = FactCorrection.objects.get()
    FactCorrection.objects.update(said="1999")
    address = reverse("admin:people_factcorrection_changelist")
    chosen = {"action": "settle", "_selected_action": [correction.pk]}
    editor = Client()
    log_in_with_second_factor(editor, UserFactory.create(role="editor"))
    assert editor.post(address, chosen).status_code in {302, 403}
    assert disputed_corrections().exists()
    log_in_with_second_factor(client, UserFactory.create(role="administrator"))
    assert "1999" in client.get(f"{address}?source=moved").content.decode()
    client.post(address, chosen)
    assert not disputed_corrections().exists()
    correction.refresh_from_db()
    assert correction.value == "1970"
