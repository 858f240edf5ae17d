"""The pages of voting advice: what everybody reads, what a visitor without script gets, and what editors and offices send."""

import logging
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.advice.factories import (
    AnswerFactory,
    DraftFactory,
    StatementFactory,
    answers,
    asked,
    mayoral,
    standing,
)
from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory, UpcomingElectionFactory
from tests.people.factories import AreaFactory, DelegateFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PolicyAreaFactory
from tests.rows import changes, snapshot
from tests.site.asking import html, queries
from tsushinbo import addresses
from tsushinbo.advice.models import Answer, AnswerRevision, Questionnaire, Stance, Statement
from tsushinbo.elections.models import Contest
from tsushinbo.people.models import Office, Politician

pytestmark = pytest.mark.django_db
OFF = "選挙期間中のため、政策マッチングを止めています"
AGREED = {f"q{number}": "4" for number in range(1, 11)}


def at(month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.fixture(autouse=True)
def now() -> "time_machine.Traveller":
    with time_machine.travel(at(12, 1), tick=False) as clock:
        yield clock


@pytest.fixture
def town() -> tuple[Contest, Questionnaire]:
    return mayoral()


@pytest.fixture
def people(town: tuple[Contest, Questionnaire]) -> list[Politician]:
    """In 五十音 order: 桜 answered all and agrees with nobody, 太郎 all with 賛成, 花子 five, 弥生 nothing."""
    found = [
        standing(town[0], given, kana)
        for given, kana in (("太郎", "たろう"), ("桜", "さくら"), ("弥生", "やよい"), ("花子", "はなこ"))
    ]
    answers(town[1], found[0], "4" * 10, reason="見本の理由です。")
    answers(town[1], found[1], "0" * 10)
    answers(town[1], found[3], "44444d", by_owner=False, source_title="見本新聞", source_url="https://news.example.com/q/", source_on=date(2026, 9, 20))  # fmt: skip
    return found


def names(page: str) -> list[str]:
    """Who stands in the list of agreements, in its order."""
    listed = page[page.index('id="rows"') : page.index("設問ごとの立場")]
    return sorted(("見本桜", "見本太郎", "見本花子", "見本弥生"), key=lambda name: listed.find(name) % 10**9)


def post(client: Client, found: Questionnaire, **fields: object) -> str:
    response = client.post(reverse("advice:result", args=[found.pk]), fields)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_page_has_everybodys_places_and_no_agreement(client: Client, town, people) -> None:
    page = html(client, town[1].get_absolute_url())
    assert "候補者 4人のうち3人が回答" in page
    assert 'data-code="4444444444"' in page
    assert 'data-code="44444-----"' in page
    assert "一致 " not in page
    assert "まだ回答していない候補者" in page
    assert "五十音順" in page


def test_reasons_and_sources_stand_beside_each_stance(client: Client, town, people) -> None:
    page = html(client, town[1].get_absolute_url())
    assert "見本の理由です。" in page
    assert 'href="https://news.example.com/q/" rel="ugc nofollow noopener"' in page
    assert "答えない" in page


def test_a_hidden_reason_is_left_out_and_the_stance_stays(client: Client, town, people) -> None:
    Answer.objects.filter(politician=people[0]).update(state="hidden")
    page = html(client, town[1].get_absolute_url())
    assert "見本の理由です。" not in page
    assert 'data-code="4444444444"' in page


def test_candidates_stand_in_their_official_order_where_it_is_known(client: Client, town, people) -> None:
    for number, person in enumerate(people, start=1):
        person.candidacies.update(number=number)
    page = html(client, town[1].get_absolute_url())
    assert "届出の順" in page
    assert names(page)[:3] == ["見本太郎", "見本桜", "見本花子"]


def test_a_form_is_answered_with_agreements_in_neutral_order(client: Client, town, people) -> None:
    page = post(client, town[1], **AGREED)
    assert "一致 0%（10問を比較）" in page
    assert "一致 100%（10問を比較）" in page
    assert "一致 100%（範囲 50〜100%、10問のうち5問を比較）" in page
    assert names(page)[:3] == ["見本桜", "見本太郎", "見本花子"]
    assert 'value="4" checked' in page


def test_a_visitor_may_order_by_agreement_and_silence_lifts_nobody(client: Client, town, people) -> None:
    page = post(client, town[1], **AGREED, order="agreement")
    assert names(page)[:3] == ["見本太郎", "見本花子", "見本桜"]
    for word in ("1位", "おすすめ", "ベスト", "最も"):
        assert word not in page


def test_double_weight_and_too_few_statements(client: Client, town, people) -> None:
    page = post(client, town[1], q1="4", q2="0", q3="4", q4="4", q5="4", double=["1", "2"])
    assert "一致 71%（5問を比較）" in page
    assert "比べられる設問が足りません（4問。5問以上で表示します）" in post(
        client, town[1], q1="4", q2="4", q3="4", q4="4"
    )


@pytest.mark.parametrize("value", ["5", "-1", "44", "４", "x", "", "\x00"])
def test_what_is_no_place_counts_as_skipped(client: Client, town, people, value: str) -> None:
    page = post(client, town[1], **{**AGREED, "q1": value, "double": value})
    assert "一致 100%（9問を比較）" in page


def test_the_answer_to_a_form_is_kept_nowhere(client: Client, town, people, caplog: pytest.LogCaptureFixture) -> None:
    before = snapshot()
    with caplog.at_level(logging.DEBUG):
        response = client.post(reverse("advice:result", args=[town[1].pk]), AGREED)
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    assert "Set-Cookie" not in response.headers
    assert changes(before, snapshot()) == {}
    assert "q1" not in caplog.text


def test_answers_in_an_address_do_nothing(client: Client, town, people) -> None:
    assert "一致 " not in html(client, town[1].get_absolute_url(), **AGREED)
    response = client.get(reverse("advice:result", args=[town[1].pk]), AGREED)
    assert (response.status_code, response.headers["Location"]) == (303, town[1].get_absolute_url())


def test_public_pages_set_no_cookie_and_may_be_held(client: Client, town, people) -> None:
    for name, args in (("index", []), ("method", []), ("match", [town[1].pk]), ("history", [town[1].pk])):
        response = client.get(reverse(f"advice:{name}", args=args))
        assert response.status_code == 200
        assert not response.cookies
        assert response.headers["Cache-Control"].startswith("public")


def test_of_an_election_with_several_contests_one_is_chosen(client: Client, town, people) -> None:
    other = ContestFactory.create(election=town[0].election, name="別の区")
    CandidacyFactory.create(contest=other, politician=None, name="見本五郎")
    page = html(client, town[1].get_absolute_url())
    assert "選挙区を選ぶと" in page
    assert 'id="match"' not in page
    assert "見本太郎" not in page
    page = html(client, town[1].get_absolute_url(), contest=addresses.encode(town[0].pk))
    assert 'data-code="4444444444"' in page
    assert "一致 100%" in post(client, town[1], **AGREED, contest=addresses.encode(town[0].pk))
    assert "見本五郎" in html(client, town[1].get_absolute_url(), contest=addresses.encode(other.pk))


@pytest.mark.parametrize("contest", ["x", "0000000000", "zzzzzzzzzz"])
def test_a_contest_of_nothing_is_404(client: Client, town, people, contest: str) -> None:
    assert client.get(town[1].get_absolute_url(), {"contest": contest}).status_code == 404
    assert client.post(reverse("advice:result", args=[town[1].pk]), {"contest": contest}).status_code == 404


def test_a_draft_is_no_page(client: Client) -> None:
    draft = DraftFactory.create()
    for name in ("match", "history", "result"):
        assert client.post(reverse(f"advice:{name}", args=[draft.pk])).status_code in {404, 405}
        assert client.get(reverse(f"advice:{name}", args=[draft.pk])).status_code in {404, 303}
    assert draft.title not in html(client, "/matching/")


def test_members_of_an_assembly_are_compared(client: Client) -> None:
    area = AreaFactory.create(name="品川区")
    member = PoliticianFactory.create(given_name="太郎")
    TermFactory.create(politician=member, office=Office.MUNICIPAL_ASSEMBLY, area=area)
    found = asked(election=None, office=Office.MUNICIPAL_ASSEMBLY, area=area)
    answers(found, member, "4" * 10)
    page = post(client, found, **AGREED)
    assert "品川区議会議員" in page
    assert "一致 100%（10問を比較）" in page


@pytest.mark.parametrize(
    ("moment", "off"),
    [
        (at(12, 12, 23, 59, 59), False),
        (at(12, 13, 0), True),
        (at(12, 19, 23, 59, 59), True),
        (at(12, 20, 0), True),
        (at(12, 20, 19, 59, 59), True),
        (at(12, 20, 20), False),
    ],
)
def test_it_is_off_from_the_announcement_until_the_polls_close(
    client: Client, now: time_machine.Traveller, town, people, moment: datetime, off: bool
) -> None:
    now.move_to(moment)
    page = html(client, town[1].get_absolute_url())
    response = client.post(reverse("advice:result", args=[town[1].pk]), AGREED)
    sent = response.content.decode()
    assert (OFF in page, 'id="match"' not in page, "data-code" not in page) == (off, off, off)
    assert (response.status_code, "一致 " not in sent) == (409 if off else 200, off)
    assert response.headers["Cache-Control"] == "no-store"
    assert "見本の理由です。" in page
    if off:
        assert "公職選挙法" in page
        assert reverse("site:election-mode", args=[town[0].election_id]) in page


def test_an_operator_may_leave_it_on(
    client: Client, now: time_machine.Traveller, town, people, settings: Settings
) -> None:
    settings.ADVICE_IN_CAMPAIGN = True
    now.move_to(at(12, 15))
    assert OFF not in html(client, town[1].get_absolute_url())
    assert "一致 100%（10問を比較）" in post(client, town[1], **AGREED)


def test_who_stands_elsewhere_in_a_campaign_is_left_out_one_by_one(client: Client, town, people) -> None:
    """A questionnaire of an assembly, one of whose members runs for mayor."""
    found = asked(election=None, office=Office.MUNICIPAL_ASSEMBLY, area=AreaFactory.create())
    other = PoliticianFactory.create(given_name="五郎", given_kana="ごろう")
    for person in (people[0], other):
        TermFactory.create(politician=person, office=Office.MUNICIPAL_ASSEMBLY, area=found.area)
        answers(found, person, "4" * 10)
    with time_machine.travel(at(12, 15), tick=False):
        page = post(client, found, **AGREED)
    assert page.count("選挙期間中のため表示しません") == 1
    assert page.count("一致 100%（10問を比較）") == 1


def test_an_order_by_agreement_leaves_the_held_last(client: Client, town, people) -> None:
    found = asked(election=None, office=Office.MUNICIPAL_ASSEMBLY, area=AreaFactory.create())
    for person in (people[0], people[1]):
        TermFactory.create(politician=person, office=Office.MUNICIPAL_ASSEMBLY, area=found.area)
    other = PoliticianFactory.create(given_name="五郎", given_kana="ごろう")
    TermFactory.create(politician=other, office=Office.MUNICIPAL_ASSEMBLY, area=found.area)
    answers(found, people[0], "4" * 10)
    answers(found, other, "0" * 10)
    with time_machine.travel(at(12, 15), tick=False):
        page = post(client, found, **AGREED, order="agreement")
    assert page.index("見本 五郎") < page.index("見本 太郎")


def test_pages_take_the_same_queries_for_few_and_many(client: Client, town, people) -> None:
    addresses_of = ["/matching/", town[1].get_absolute_url(), reverse("advice:history", args=[town[1].pk])]
    few = [queries(client, address) for address in addresses_of]
    for number in range(12):
        person = standing(town[0], f"次郎{number}", "じろう")
        answers(town[1], person, "0123443210", reason="理由")
        AnswerRevision.of(Answer.objects.filter(politician=person).first(), 1, at(9, 2)).save()
        asked(statements=1)
    assert [queries(client, address) for address in addresses_of] == few
    assert few[1] <= 8


def test_the_history_shows_what_was_said_before(client: Client, town, people) -> None:
    answer = Answer.objects.filter(politician=people[0]).first()
    assert answer is not None
    AnswerRevision(answer=answer, number=1, stance="disagree", reason="前の理由", by_owner=True, given_at=at(9, 1), replaced_at=at(9, 5)).save()  # fmt: skip
    address = reverse("advice:history", args=[town[1].pk])
    page = html(client, address)
    assert "前の理由" in page
    assert "見本 太郎</b>：反対" in page
    Answer.objects.filter(pk=answer.pk).update(state="hidden")
    assert "前の理由" not in html(client, address)


def test_other_pages_lead_here(client: Client, now: time_machine.Traveller, town, people) -> None:
    link = town[1].get_absolute_url()
    for address in ("/", town[0].election.get_absolute_url(), town[0].get_absolute_url(), "/matching/"):
        assert f'href="{link}' in html(client, address), address
    assert f'href="{link}?contest={addresses.encode(town[0].pk)}"' in html(client, town[0].get_absolute_url())
    for moment in (at(12, 15), at(12, 21)):
        now.move_to(moment)
        assert f'href="{link}' not in html(client, "/"), moment
        assert f'href="{link}' in html(client, town[0].election.get_absolute_url()), moment


def test_the_worked_example_is_right(client: Client) -> None:
    from tsushinbo.advice.words import agreement_words
    from tsushinbo.scoring.agreement import agreement

    found = agreement([4, 4, 0, 1, 4, 2, 0, None], [4, 3, 2, 0, 0, 2, None, 4], [2, 1, 1, 1, 1, 1, 1, 1])
    assert (found.points, found.most) == (20, 28)
    assert f"「{agreement_words(found)}」" in html(client, reverse("advice:method"))


# What offices and editors send.


@pytest.fixture
def editor(client: Client) -> Client:
    user = UserFactory.create()
    user.groups.add(Group.objects.get_or_create(name="editor")[0])
    browser = Client()
    log_in_with_second_factor(browser, user)
    return browser


def test_an_office_answers_and_sees_what_it_answered(client: Client, town, people) -> None:
    client.force_login(DelegateFactory.create(politician=people[2]).user)
    address = reverse("advice:answer", args=[town[1].pk, people[2].pk])
    desk = html(client, reverse("office:politician", args=[people[2].pk]))
    assert address in desk
    assert "10問のうち0問に回答" in desk
    response = client.post(
        address, {"seen": "", "stance1": "agree", "reason1": "見本の理由です。", "stance2": "declined"}
    )
    assert (response.status_code, response.headers["Location"]) == (303, f"{address}?done=2")
    assert "2問の回答を公開しました" in html(client, f"{address}?done=2")
    assert "10問のうち2問に回答" in html(client, reverse("office:politician", args=[people[2].pk]))
    assert Answer.objects.filter(politician=people[2], by_owner=True).count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stance1": "perhaps"}, "設問1の立場を読み取れません"),
        ({"reason1": "理由だけ"}, "理由だけが書かれています"),
        ({"stance1": "agree", "reason1": "あ" * 401}, "1字以上けずってください"),
        ({}, "変わった回答がありません"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client: Client, town, people, fields, words: str) -> None:
    client.force_login(DelegateFactory.create(politician=people[2]).user)
    response = client.post(reverse("advice:answer", args=[town[1].pk, people[2].pk]), {"seen": "", **fields})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert fields.get("reason1", "") in page
    assert not Answer.objects.filter(politician=people[2]).exists()


def test_two_members_of_an_office_do_not_write_over_each_other(client: Client, town, people) -> None:
    client.force_login(DelegateFactory.create(politician=people[0]).user)
    response = client.post(reverse("advice:answer", args=[town[1].pk, people[0].pk]), {"seen": "", "stance1": "disagree", "reason1": "別"})  # fmt: skip
    page = response.content.decode()
    assert response.status_code == 409
    seen = Answer.objects.filter(politician=people[0]).first().changed_at.isoformat()
    assert f'name="seen" value="{seen}"' in page


def test_answers_are_closed_after_the_polls(client: Client, now: time_machine.Traveller, town, people) -> None:
    office = DelegateFactory.create(politician=people[2]).user
    address = reverse("advice:answer", args=[town[1].pk, people[2].pk])
    now.move_to(at(12, 20, 9))
    client.force_login(office)
    response = client.post(address, {"seen": "", "stance1": "agree"})
    assert response.status_code == 422
    assert "投票日は" in response.content.decode()
    now.move_to(at(12, 20, 20))
    assert "いまは受け付けていません" in html(client, address)


def test_an_editor_makes_a_questionnaire_by_its_forms(editor: Client) -> None:
    PolicyAreaFactory.create(code="childcare", name="子育て")
    election = UpcomingElectionFactory.create()
    made = editor.post(
        "/matching/desk/", {"election": addresses.encode(election.pk), "title": "題", "introduction": "説明"}
    )
    found = Questionnaire.objects.get()
    address = reverse("advice:edit", args=[found.pk])
    assert made.headers["Location"] == f"{address}?done=made"
    for number in range(10):
        fields = {"deed": "add", "text": f"見本の施策{number}を進めるべきだ。", "topic": "childcare"}
        assert editor.post(address, fields).status_code == 303
    assert editor.post(address, {"deed": "move", "statement": "2"}).status_code == 303
    assert editor.post(address, {"deed": "save", "title": "別の題", "introduction": "説明"}).status_code == 303
    assert editor.post(address, {"deed": "remove", "statement": "10"}).status_code == 303
    assert editor.post(address, {"deed": "publish"}).status_code == 409
    assert editor.post(address, {"deed": "add", "text": "十番目を進めるべきだ。", "topic": "childcare"}).status_code == 303  # fmt: skip
    assert editor.post(address, {"deed": "publish"}).headers["Location"] == f"{address}?done=published"
    page = html(editor, found.get_absolute_url())
    assert page.index("見本の施策1を") < page.index("見本の施策0を")
    assert "別の題" in page


def test_a_draft_is_dropped(editor: Client) -> None:
    draft = DraftFactory.create()
    StatementFactory.create(questionnaire=draft)
    assert editor.post(reverse("advice:edit", args=[draft.pk]), {"deed": "drop"}).status_code == 303
    assert not Questionnaire.objects.exists()
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "題", "introduction": "説明"}, "選挙か議会の、どちらか1つ"),
        ({"title": "題", "introduction": "説明", "election": "zzzzzzzzzz"}, "選挙が見つかりません"),
        ({"title": "題", "introduction": "説明", "election": "壊れた"}, "選挙が見つかりません"),
        ({"title": "題", "introduction": "説明", "office": "municipal_assembly", "area": "000000"}, "地域が見つかりません"),
        ({"office": "representatives"}, "題名が入力されていません"),
        ({"title": "題", "introduction": "説明", "office": "representatives"}, "議会が見つかりません"),
    ],
)  # fmt: skip
def test_a_questionnaire_that_asks_nobody_is_refused(editor: Client, fields: dict[str, str], words: str) -> None:
    response = editor.post("/matching/desk/", fields)
    assert response.status_code in {409, 422}
    assert words in response.content.decode()
    assert not Questionnaire.objects.exists()


@pytest.mark.parametrize("deed", ["", "publish-all", "move", "remove"])
def test_no_such_deed_is_404(editor: Client, deed: str) -> None:
    draft = DraftFactory.create()
    for statement in ("", "99", "x", "１", "9" * 40):
        response = editor.post(reverse("advice:edit", args=[draft.pk]), {"deed": deed, "statement": statement})
        assert response.status_code == 404


def test_a_statement_is_mended_until_somebody_answers(editor: Client, town) -> None:
    address = reverse("advice:statement", args=[town[1].pk, 1])
    fields = {"text": "別の文である。", "topic": "childcare", "background": ""}
    assert editor.post(address, fields).status_code == 303
    assert "別の文である。" in html(editor, town[1].get_absolute_url())
    assert "見本の施策1を進めるべきだ。" in html(editor, reverse("advice:history", args=[town[1].pk]))
    Questionnaire.objects.update(frozen_at=at(11, 1))
    response = editor.post(address, {**fields, "text": "三つ目の文である。"})
    assert response.status_code == 409
    assert "三つ目の文である。" in response.content.decode()


def test_an_editor_copies_answers_with_their_source(editor: Client, town, people) -> None:
    assert reverse("advice:copy", args=[town[1].pk, people[2].pk]) in html(
        editor, reverse("advice:people", args=[town[1].pk])
    )
    address = reverse("advice:copy", args=[town[1].pk, people[2].pk])
    fields = {"seen": "", "stance1": "rather_disagree"}
    response = editor.post(address, fields)
    assert response.status_code == 422
    assert "出典のアドレスが入力されていません" in response.content.decode()
    source = {"source_title": "見本新聞", "source_url": "https://news.example.com/", "source_on": "2026-09-20"}
    assert editor.post(address, {**fields, **source}).status_code == 303
    assert Answer.objects.get(politician=people[2]).stance == Stance.RATHER_DISAGREE
    own = html(editor, reverse("advice:copy", args=[town[1].pk, people[0].pk]))
    assert "本人・事務所の回答なので、変えられません" in own
    assert 'name="stance1"' not in own


def test_editors_pages_take_the_same_queries_for_few_and_many(editor: Client, town, people) -> None:
    pages = ["/matching/desk/", reverse("advice:edit", args=[town[1].pk]), reverse("advice:people", args=[town[1].pk])]
    few = [queries(editor, page) for page in pages]
    for number in range(8):
        standing(town[0], f"次郎{number}", "じろう")
        ElectionFactory.create(upcoming=True, polling_on="2127-04-01")
        asked(statements=1)
        StatementFactory.create(questionnaire=town[1], position=20 + number)
    assert [queries(editor, page) for page in pages] == few


def test_an_answer_leads_moderators_to_its_statement(town, people) -> None:
    answer = AnswerFactory.create(statement=town[1].statements.first(), politician=people[2], reason="理由")
    assert answer.about == f"{town[1].get_absolute_url()}#s1"
    assert answer.around[0].text == answer.statement.text
    assert answer.concerns == {people[2].pk}
