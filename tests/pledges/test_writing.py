"""The form of a pledge: who may write, what happens next, and that nothing typed is lost."""

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from tests.accounts.factories import UserFactory
from tests.outline import Outline
from tests.people.factories import DelegateFactory, PartyFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory, PolicyAreaFactory, RevisionFactory
from tsushinbo.accounts.models import User
from tsushinbo.addresses import encode
from tsushinbo.japanese.folding import fold
from tsushinbo.people.models import Politician, PoliticianName
from tsushinbo.pledges.models import Pledge, PledgeDraft, PledgeProposal, PledgeRevision, PolicyArea
from tsushinbo.pledges.services import wording

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def topic() -> PolicyArea:
    return PolicyAreaFactory.create(code="childcare", name="子育て")


@pytest.fixture
def politician() -> Politician:
    return PoliticianFactory.create()


@pytest.fixture
def citizen() -> User:
    return UserFactory.create(display_name="花子")


@pytest.fixture
def fields(topic: PolicyArea) -> dict[str, str]:
    return {
        "text": "小中学校の給食費を2027年度までに無償にします。財源は基金です。",
        "quoted": "on",
        "topic": topic.pk,
        "source_url": "https://www.example.com/seisaku/",
        "source_title": "選挙公報",
        "source_on": "2025年11月2日",
    }


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def new(politician: Politician) -> str:
    return f"{reverse('pledges:new')}?politician={encode(politician.pk)}"


def test_a_visitor_is_led_to_the_log_in_and_back(client: Client, politician: Politician) -> None:
    response = client.get(new(politician))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=/pledges/new/")


def test_the_person_is_found_by_name_or_kana_without_script(client: Client) -> None:
    person = PoliticianFactory.create(family_name="仮名", given_name="良子", family_kana="かりな", given_kana="よしこ")
    for kind, text in (("common", "仮名良子"), ("kana", "かりなよしこ")):
        PoliticianName.objects.create(politician=person, kind=kind, text=text, folded=fold(text))
    party = PartyFactory.create(name="かりな見本党")
    for asked in ("仮名", "カリナ", "ヨシコ"):
        text = text_of(client.get(reverse("pledges:new"), {"q": asked}))
        assert f"/pledges/new/?politician={encode(person.pk)}" in text
    assert f"/pledges/new/?party={encode(party.pk)}" in text_of(client.get(reverse("pledges:new"), {"q": "かりな見本"}))
    assert "見つかりません" in text_of(client.get(reverse("pledges:new"), {"q": "だれもいない"}))


def test_a_url_and_a_quote_with_a_topic_are_enough(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str]
) -> None:
    client.force_login(citizen)
    response = client.post(new(politician), fields, follow=True)
    assert "管理者の確認後に公開されます。24時間以内に確認します。" in text_of(response)
    proposal = PledgeProposal.objects.get()
    assert proposal.content["title"] == "小中学校の給食費を2027年度までに無償にします"
    assert proposal.content["source_on"] == "2025-11-02"
    assert proposal.content["policy_area"] == "子育て"
    assert proposal.state == "pending"
    assert not Pledge.objects.exists()


def test_who_speaks_for_the_politician_publishes_at_once(
    client: Client, politician: Politician, fields: dict[str, str]
) -> None:
    account = DelegateFactory.create(politician=politician).user
    client.force_login(account)
    response = client.post(new(politician), fields)
    pledge = Pledge.objects.get()
    assert response.status_code == 303
    assert response.headers["Location"] == pledge.get_absolute_url()
    revision = pledge.revisions.get()
    assert (revision.number, revision.recorded_by, revision.reason) == (1, account, "登録")
    assert revision.content == wording(pledge)
    assert pledge.quoted
    assert not PledgeProposal.objects.exists()


def test_who_speaks_for_another_waits(client: Client, politician: Politician, fields: dict[str, str]) -> None:
    client.force_login(DelegateFactory.create().user)
    client.post(new(politician), fields)
    assert not Pledge.objects.exists()
    assert PledgeProposal.objects.get().politician == politician


def test_the_role_of_an_editor_needs_a_second_factor(
    client: Client, politician: Politician, fields: dict[str, str]
) -> None:
    editor = UserFactory.create()
    editor.groups.add(Group.objects.get(name="editor"))
    client.force_login(editor)
    client.post(new(politician), fields)
    assert not Pledge.objects.exists()
    assert PledgeProposal.objects.exists()


def test_no_field_beyond_the_form_is_read(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str]
) -> None:
    """What a stranger adds to the form: another owner, a status, an approval."""
    other = PoliticianFactory.create()
    client.force_login(citizen)
    sent = {**fields, "politician_id": str(other.pk), "politician": encode(other.pk), "published": "1", "status": "kept", "state": "approved",
            "author": "1", "key": "x", "merged_into": "1", "created_at": "2000-01-01"}  # fmt: skip
    client.post(new(politician), sent)
    proposal = PledgeProposal.objects.get()
    assert (proposal.politician, proposal.author, proposal.state) == (politician, citizen, "pending")
    assert not {"status", "published", "key", "politician_id"} & proposal.content.keys()


def test_what_cannot_be_taken_stays_on_the_page_with_what_is_wrong(
    client: Client, politician: Politician, citizen: User
) -> None:
    client.force_login(citizen)
    sent = {
        "title": "あ" * 81,
        "text": "",
        "topic": "x",
        "election": "y",
        "source_url": "javascript:alert(1)",
        "source_title": HOSTILE,
        "source_on": "いつか",
        "deadline": "い" * 201,
    }
    response = client.post(new(politician), sent)
    assert response.status_code == 422
    text = text_of(response)
    outline = Outline(text)
    assert outline.wanted <= set(outline.ids)
    assert HOSTILE not in text
    for kept in ("javascript:alert(1)", "いつか", "い" * 201, "&lt;script&gt;"):
        assert kept in text
    for message in (
        "題名が80字を超えています（81字）",
        "公約の本文が入力されていません",
        "政策分野を読み取れません",
        "選挙を読み取れません",
        "アドレスを読み取れません",
        "日付を読み取れません",
        "期限が200字を超えています（201字）",
        "7か所を直してください",
    ):
        assert message in text
    assert not PledgeProposal.objects.exists()


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "https://a@evil.example/", "//x", "ftp://x.example/"]
)
def test_a_source_leads_to_the_web(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str], address: str
) -> None:
    client.force_login(citizen)
    response = client.post(new(politician), {**fields, "source_url": address})
    assert response.status_code == 422
    assert "アドレスを読み取れません" in text_of(response)


def test_a_source_is_not_of_tomorrow(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str]
) -> None:
    client.force_login(citizen)
    response = client.post(new(politician), {**fields, "source_on": "2999-01"})
    assert "日付が未来になっています" in text_of(response)


def test_a_long_first_sentence_asks_for_a_title(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str]
) -> None:
    client.force_login(citizen)
    response = client.post(new(politician), {**fields, "text": "あ" * 81 + "。"})
    assert response.status_code == 422
    assert "短い題名を書いてください" in text_of(response)


def test_near_duplicates_are_shown_before_saving(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str]
) -> None:
    known = PledgeFactory.create(politician=politician, title="小中学校の給食費を無償にします")
    PledgeFactory.create(title="小中学校の給食費を無償にします", text="ほかの人の公約です。")
    client.force_login(citizen)
    sent = {**fields, "title": "小・中学校の給食費を無償にする"}
    response = client.post(new(politician), sent)
    text = text_of(response)
    assert response.status_code == 422
    assert "よく似た公約が、すでに登録されています" in text
    assert text.count('name="distinct"') == 1
    assert f'name="distinct" value="{encode(known.pk)}"' in text
    assert "財源は基金です。" in text
    assert not PledgeProposal.objects.exists()
    assert client.post(new(politician), {**sent, "distinct": encode(known.pk)}).status_code == 303
    assert PledgeProposal.objects.count() == 1


def test_a_word_for_another_duplicate_does_not_count(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str]
) -> None:
    PledgeFactory.create(politician=politician, title="小中学校の給食費を無償にします")
    client.force_login(citizen)
    sent = {**fields, "title": "小中学校の給食費を無償にする", "distinct": encode(PledgeFactory.create().pk)}
    assert client.post(new(politician), sent).status_code == 422


def test_the_same_is_not_sent_twice(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str]
) -> None:
    client.force_login(citizen)
    client.post(new(politician), fields)
    response = client.post(new(politician), fields)
    assert response.status_code == 422
    assert "すでに送っています" in text_of(response)
    assert PledgeProposal.objects.count() == 1


def test_the_preview_stores_nothing_and_escapes(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str]
) -> None:
    client.force_login(citizen)
    sent = {name: HOSTILE if name in ("text", "source_title") else value for name, value in fields.items()}
    response = client.post(new(politician), {**sent, "title": "題", "funding": HOSTILE, "deed": "preview"})
    assert response.status_code == 200
    assert HOSTILE not in text_of(response)
    assert "&lt;script&gt;" in text_of(response)
    assert not PledgeProposal.objects.exists()
    assert not PledgeDraft.objects.exists()


def test_a_draft_is_kept_and_found_again(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str]
) -> None:
    client.force_login(citizen)
    response = client.post(
        new(politician), {**fields, "title": "書きかけ", "deed": "save"}, headers={"HX-Request": "true"}
    )
    draft = PledgeDraft.objects.get()
    assert f'name="draft" value="{encode(draft.pk)}"' in text_of(response)
    assert "書きかけ" in text_of(client.get(draft.get_absolute_url()))
    assert draft.get_absolute_url().replace("&", "&amp;") in text_of(client.get(reverse("pledges:mine")))
    client.post(new(politician), {**fields, "draft": encode(draft.pk)})
    assert not PledgeDraft.objects.exists()
    again = client.post(new(politician), {**fields, "title": "もう一度", "draft": encode(draft.pk)})
    assert again.status_code == 409
    assert "もう一度" in text_of(again)
    assert PledgeProposal.objects.count() == 1


def test_nobody_reads_writes_or_withdraws_what_is_anothers(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str]
) -> None:
    client.force_login(citizen)
    client.post(new(politician), {**fields, "title": "ひみつ", "deed": "save"})
    client.post(new(politician), fields)
    draft, proposal = PledgeDraft.objects.get(), PledgeProposal.objects.get()
    client.force_login(UserFactory.create())
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.post(new(politician), {**fields, "draft": encode(draft.pk), "deed": "save"}).status_code == 409
    assert client.post(new(politician), {**fields, "draft": encode(draft.pk), "deed": "drop"}).status_code == 409
    assert client.post(reverse("pledges:withdraw", args=[proposal.pk])).status_code == 404
    assert "ひみつ" not in text_of(client.get(reverse("pledges:mine")))
    assert PledgeDraft.objects.get().fields["title"] == "ひみつ"
    assert PledgeProposal.objects.exists()


def test_an_own_proposal_is_withdrawn_until_it_is_decided(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str]
) -> None:
    client.force_login(citizen)
    client.post(new(politician), fields)
    proposal = PledgeProposal.objects.get()
    PledgeProposal.objects.update(state="rejected", decision_reason="unsourced", decision_note="出典にありません。")
    text = text_of(client.get(reverse("pledges:mine")))
    assert "理由：出典から確認できない内容（出典にありません。）" in text
    assert client.post(reverse("pledges:withdraw", args=[proposal.pk])).status_code == 409
    PledgeProposal.objects.update(state="pending")
    assert client.post(reverse("pledges:withdraw", args=[proposal.pk])).status_code == 303
    assert not PledgeProposal.objects.exists()


def test_a_visitor_who_was_logged_out_loses_nothing(
    client: Client, politician: Politician, fields: dict[str, str]
) -> None:
    response = client.post(new(politician), fields)
    assert response.status_code == 403
    assert "財源は基金です。" in text_of(response)
    assert "別の画面でログインする" in text_of(response)


def test_another_site_sends_nothing(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str]
) -> None:
    client.force_login(citizen)
    for address in (new(politician), reverse("pledges:import") + f"?politician={encode(politician.pk)}"):
        assert client.post(address, fields, headers={"Origin": "https://evil.example"}).status_code == 403
    assert not PledgeProposal.objects.exists()


def test_too_many_at_once_are_refused_with_when(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str], settings: Settings
) -> None:
    settings.RATE_PROPOSALS_PER_ACCOUNT = 1
    client.force_login(citizen)
    client.post(new(politician), fields)
    response = client.post(new(politician), {**fields, "title": "別の題名です", "text": "まったく別の本文。"})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "まったく別の本文。" in text_of(response)


def test_a_full_disk_loses_nothing(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr("tsushinbo.pledges.views.writing.services.propose_pledge", fail)
    client.force_login(citizen)
    response = client.post(new(politician), fields)
    assert response.status_code == 503
    assert "財源は基金です。" in text_of(response)


def test_the_page_costs_few_queries(
    client: Client, politician: Politician, citizen: User, fields: dict[str, str],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    client.force_login(citizen)
    for number in range(60):
        PledgeFactory.create(politician=politician, title=f"給食費を無償にします{number}")
    with django_assert_max_num_queries(11):
        client.get(new(politician))
    with django_assert_max_num_queries(12):
        assert client.post(new(politician), {**fields, "title": "給食費を無償にします"}).status_code == 422
    for _ in range(15):
        PledgeProposal.objects.create(
            author=citizen, politician=politician, content={"title": "a"}, submitted_at="2026-01-01T00:00Z"
        )
        RevisionFactory.create(recorded_by=citizen)
    with django_assert_max_num_queries(9):
        client.get(reverse("pledges:mine"))
    assert PledgeRevision.objects.exists()
