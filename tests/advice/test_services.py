"""Questionnaires are made by editors and frozen by the first answer; politicians answer, and what was answered stays on record."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError
from pytest_django import Settings

from tests.accounts.factories import UserFactory
from tests.advice.factories import (
    MADE_AT,
    AnswerFactory,
    DraftFactory,
    StatementFactory,
    answers,
    asked,
    mayoral,
    standing,
)
from tests.elections.factories import UpcomingElectionFactory
from tests.people.factories import AreaFactory, DelegateFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PolicyAreaFactory
from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import TooMany
from tsushinbo.advice import errors, services
from tsushinbo.advice.models import Answer, AnswerRevision, Questionnaire, Stance, Statement, StatementRevision
from tsushinbo.advice.queries import answers_of, exported, requests_to, seen_token
from tsushinbo.advice.services import Given, Source
from tsushinbo.elections.models import Contest
from tsushinbo.moderation.models import Ban
from tsushinbo.moderation.services import Banned
from tsushinbo.people.models import Office, Politician

pytestmark = pytest.mark.django_db
AT = MADE_AT + timedelta(days=30)
SOURCE = Source("見本新聞の候補者アンケート", "https://news.example.com/q/", date(2026, 9, 20))


@pytest.fixture
def editor() -> User:
    user = UserFactory.create()
    user.groups.add(Group.objects.get_or_create(name="editor")[0])
    return user


@pytest.fixture
def town() -> tuple[Contest, Questionnaire]:
    return mayoral()


@pytest.fixture
def taro(town: tuple[Contest, Questionnaire]) -> Politician:
    return standing(town[0], "太郎", "たろう")


@pytest.fixture
def office(taro: Politician) -> User:
    return DelegateFactory.create(politician=taro).user


def give(found: Questionnaire, person: Politician, author: User, *stances: Stance, reason: str = "", seen: str | None = None, at=AT, source: Source | None = None) -> int:  # fmt: skip
    given = {row.pk: Given(stance, reason) for row, stance in zip(found.statements.all(), stances, strict=False)}
    if seen is None:
        seen = seen_token(answers_of(found, person).values())
    return services.give_answers(
        questionnaire=found, politician=person, author=author, given=given, source=source, seen=seen, at=at
    )


def add(draft: Questionnaire, editor: User, text: str = "見本の施策を進めるべきだ。") -> Statement:
    topic = PolicyAreaFactory.create(code="childcare", name="子育て")
    return services.add_statement(questionnaire=draft, topic=topic, text=text, background="", by=editor, at=AT)


def test_an_editor_makes_fills_and_publishes_a_questionnaire(editor: User) -> None:
    election = UpcomingElectionFactory.create()
    draft = services.make_questionnaire(election=election, title="題", introduction="説明", by=editor, at=AT)
    for _ in range(errors.LEAST):
        add(draft, editor)
    services.publish(questionnaire=draft, by=editor, at=AT)
    draft.refresh_from_db()
    assert (draft.published_at, draft.published_by, draft.frozen_at) == (AT, editor, None)
    assert [row.position for row in draft.statements.all()] == [*range(1, errors.LEAST + 1)]


def test_too_few_statements_are_not_published(editor: User) -> None:
    draft = DraftFactory.create()
    for _ in range(errors.LEAST - 1):
        add(draft, editor)
    with pytest.raises(errors.TooFewStatements):
        services.publish(questionnaire=draft, by=editor, at=AT)


def test_too_many_statements_are_refused(editor: User) -> None:
    draft = DraftFactory.create()
    StatementFactory.create(questionnaire=draft, position=errors.MOST)
    with pytest.raises(errors.TooManyStatements):
        add(draft, editor)


def test_an_election_has_one_questionnaire(editor: User, town: tuple[Contest, Questionnaire]) -> None:
    with pytest.raises(errors.AlreadyAsked):
        services.make_questionnaire(election=town[0].election, title="題", introduction="説明", by=editor, at=AT)


def test_an_assembly_must_be_on_record(editor: User) -> None:
    area = AreaFactory.create()
    kept = {"election": None, "office": Office.MUNICIPAL_ASSEMBLY, "area": area, "title": "題", "introduction": "説明"}
    with pytest.raises(errors.NotAnAssembly):
        services.make_questionnaire(**kept, by=editor, at=AT)
    TermFactory.create(office=Office.MUNICIPAL_ASSEMBLY, area=area)
    assert services.make_questionnaire(**kept, by=editor, at=AT).election is None
    with pytest.raises(errors.NotAnAssembly):
        services.make_questionnaire(**{**kept, "office": Office.MAYOR}, by=editor, at=AT)


@pytest.mark.parametrize("role", ["", "moderator"])
def test_only_editors_make_questionnaires(role: str, town: tuple[Contest, Questionnaire]) -> None:
    user = UserFactory.create()
    if role:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    draft = DraftFactory.create()
    statement = StatementFactory.create(questionnaire=draft)
    for deed in (
        lambda: services.make_questionnaire(election=UpcomingElectionFactory.create(), title="題", introduction="説明", by=user, at=AT),
        lambda: services.change_questionnaire(questionnaire=draft, title="題", introduction="説明", by=user, at=AT),
        lambda: add(draft, user),
        lambda: services.change_statement(statement=statement, topic=statement.topic, text="別", background="", by=user, at=AT),
        lambda: services.move_statement(statement=statement, by=user),
        lambda: services.remove_statement(statement=statement, by=user),
        lambda: services.publish(questionnaire=draft, by=user, at=AT),
        lambda: services.drop_draft(questionnaire=draft, by=user),
    ):  # fmt: skip
        with pytest.raises(errors.NotAnEditor):
            deed()
    assert StatementRevision.objects.count() == 0
    assert Questionnaire.objects.filter(pk=draft.pk).exists()


def test_an_editor_who_speaks_for_a_candidate_has_no_hand_in_it(
    editor: User, town: tuple[Contest, Questionnaire], taro: Politician
) -> None:
    DelegateFactory.create(user=editor, politician=taro)
    statement = town[1].statements.first()
    with pytest.raises(errors.OwnSide):
        services.change_statement(
            statement=statement, topic=statement.topic, text="別", background="", by=editor, at=AT
        )
    other = standing(town[0], "花子", "はなこ")
    with pytest.raises(errors.OwnSide):
        give(town[1], other, editor, Stance.AGREE, source=SOURCE)


def test_a_statement_changes_its_words_until_somebody_answered_and_keeps_the_earlier_ones(
    editor: User, town: tuple[Contest, Questionnaire], taro: Politician, office: User
) -> None:
    statement = town[1].statements.first()
    earlier = statement.text

    def change(text: str) -> None:
        services.change_statement(
            statement=statement, topic=statement.topic, text=text, background="", by=editor, at=AT
        )

    change("別の文である。")
    change("別の文である。")
    assert [row.text for row in StatementRevision.objects.all()] == [earlier]
    give(town[1], taro, office, Stance.AGREE)
    with pytest.raises(errors.Frozen):
        change("また別の文である。")
    statement.refresh_from_db()
    assert statement.text == "別の文である。"


def test_a_draft_keeps_no_history(editor: User) -> None:
    draft = DraftFactory.create()
    statement = add(draft, editor)
    services.change_statement(statement=statement, topic=statement.topic, text="別", background="", by=editor, at=AT)
    assert StatementRevision.objects.count() == 0


def test_statements_of_a_draft_move_and_go(editor: User) -> None:
    draft = DraftFactory.create()
    first, second, third = (add(draft, editor, text) for text in ("一", "二", "三"))
    services.move_statement(statement=third, by=editor)
    services.move_statement(statement=first, by=editor)
    services.remove_statement(statement=first, by=editor)
    assert list(draft.statements.values_list("position", "text")) == [(1, "三"), (2, "二")]
    services.move_statement(statement=second, by=editor)
    assert list(draft.statements.values_list("position", "text")) == [(1, "二"), (2, "三")]


def test_what_is_public_is_not_taken_away(editor: User, town: tuple[Contest, Questionnaire]) -> None:
    found = town[1]
    statement = found.statements.first()
    for deed in (
        lambda: services.change_questionnaire(questionnaire=found, title="題", introduction="説明", by=editor, at=AT),
        lambda: add(found, editor),
        lambda: services.move_statement(statement=statement, by=editor),
        lambda: services.remove_statement(statement=statement, by=editor),
        lambda: services.publish(questionnaire=found, by=editor, at=AT),
        lambda: services.drop_draft(questionnaire=found, by=editor),
    ):
        with pytest.raises(errors.AlreadyPublished):
            deed()


def test_an_office_answers_and_the_questionnaire_freezes(
    town: tuple[Contest, Questionnaire], taro: Politician, office: User
) -> None:
    assert give(town[1], taro, office, Stance.AGREE, Stance.DECLINED, reason="見本の理由です。") == 2
    first, second = Answer.objects.order_by("statement__position")
    assert (first.stance, first.reason, first.by_owner, first.author, first.place) == (
        "agree",
        "見本の理由です。",
        True,
        office,
        4,
    )
    assert second.place is None
    assert first.state == Answer.State.APPROVED
    assert set(Answer.unseen()) == {first, second}
    town[1].refresh_from_db()
    assert town[1].frozen_at == AT


def test_a_changed_answer_stays_on_record(town: tuple[Contest, Questionnaire], taro: Politician, office: User) -> None:
    give(town[1], taro, office, Stance.AGREE, reason="はじめの理由")
    give(town[1], taro, office, Stance.DISAGREE, reason="あとの理由", at=AT + timedelta(days=1))
    revision = AnswerRevision.objects.get()
    assert (revision.stance, revision.reason, revision.given_at, revision.replaced_at) == (
        "agree",
        "はじめの理由",
        AT,
        AT + timedelta(days=1),
    )
    answer = Answer.objects.get()
    assert (answer.stance, answer.made_at, answer.changed_at) == ("disagree", AT, AT + timedelta(days=1))


def test_the_same_answer_again_is_no_change(town: tuple[Contest, Questionnaire], taro: Politician, office: User) -> None:  # fmt: skip
    give(town[1], taro, office, Stance.AGREE)
    with pytest.raises(errors.NothingGiven):
        give(town[1], taro, office, Stance.AGREE)
    assert AnswerRevision.objects.count() == 0


def test_nobody_else_answers_in_a_politicians_name(
    town: tuple[Contest, Questionnaire], taro: Politician, editor: User
) -> None:
    rival = DelegateFactory.create(politician=standing(town[0], "花子", "はなこ")).user
    for user in (rival, UserFactory.create(), editor):
        with pytest.raises(errors.NotSpokenFor):
            give(town[1], taro, user, Stance.AGREE)
    for user in (rival, UserFactory.create()):
        with pytest.raises(errors.NotAnEditor):
            give(town[1], taro, user, Stance.AGREE, source=SOURCE)
    assert Answer.objects.count() == 0


def test_who_does_not_stand_is_not_asked(town: tuple[Contest, Questionnaire], editor: User) -> None:
    stranger = PoliticianFactory.create()
    with pytest.raises(errors.NotAsked):
        give(town[1], stranger, DelegateFactory.create(politician=stranger).user, Stance.AGREE)
    with pytest.raises(errors.NotAsked):
        give(town[1], stranger, editor, Stance.AGREE, source=SOURCE)


def test_members_of_an_assembly_are_asked(editor: User) -> None:
    area = AreaFactory.create()
    member, former = (PoliticianFactory.create() for _ in range(2))
    TermFactory.create(politician=member, office=Office.MUNICIPAL_ASSEMBLY, area=area)
    TermFactory.create(politician=former, office=Office.MUNICIPAL_ASSEMBLY, area=area, running=False)
    found = asked(election=None, office=Office.MUNICIPAL_ASSEMBLY, area=area)
    assert give(found, member, DelegateFactory.create(politician=member).user, Stance.NEITHER) == 1
    with pytest.raises(errors.NotAsked):
        give(found, former, DelegateFactory.create(politician=former).user, Stance.NEITHER)
    assert [row.questionnaire for row in requests_to(member, AT)] == [found]
    assert requests_to(former, AT) == []


def test_an_editor_copies_with_a_source_and_never_over_the_politicians_own_words(
    town: tuple[Contest, Questionnaire], taro: Politician, office: User, editor: User
) -> None:
    give(town[1], taro, editor, Stance.AGREE, Stance.AGREE, source=SOURCE)
    copied = Answer.objects.order_by("statement__position").first()
    assert copied is not None
    assert (copied.by_owner, copied.source_url, copied.source_on) == (False, SOURCE.url, SOURCE.on)
    give(town[1], taro, office, Stance.DISAGREE)
    revision = AnswerRevision.objects.get()
    assert (revision.by_owner, revision.source_title) == (False, SOURCE.title)
    copied.refresh_from_db()
    assert (copied.by_owner, copied.source_url) == (True, "")
    with pytest.raises(errors.OwnAnswerStands):
        give(town[1], taro, editor, Stance.AGREE, source=SOURCE)


def test_an_answer_of_others_without_a_source_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError):
        AnswerFactory.create(by_owner=False, source_title="題名", source_on=date(2026, 9, 1))


def test_a_form_made_before_another_change_is_refused(
    town: tuple[Contest, Questionnaire], taro: Politician, office: User
) -> None:
    give(town[1], taro, office, Stance.AGREE)
    with pytest.raises(errors.AnswersMoved):
        give(town[1], taro, office, Stance.DISAGREE, seen="")


def test_other_words_after_a_hidden_reason_wait(town: tuple[Contest, Questionnaire], taro: Politician, office: User) -> None:  # fmt: skip
    give(town[1], taro, office, Stance.AGREE, reason="ひどい言葉")
    Answer.objects.update(state="hidden", decided_at=AT, decision_reason="defamation")
    later = AT + timedelta(hours=1)
    give(town[1], taro, office, Stance.AGREE, reason="", at=later)
    assert Answer.objects.get().state == "hidden"
    assert AnswerRevision.objects.get().reason == ""
    give(town[1], taro, office, Stance.AGREE, reason="別の言葉", at=later + timedelta(hours=1))
    answer = Answer.objects.get()
    assert (answer.state, answer.shown_reason, answer.decision_reason) == ("pending", "", "")


def test_a_reason_that_was_confirmed_is_looked_at_again_once_it_changed(
    town: tuple[Contest, Questionnaire], taro: Politician, office: User
) -> None:
    give(town[1], taro, office, Stance.AGREE, reason="理由")
    Answer.objects.update(decided_at=AT)
    assert not Answer.unseen().exists()
    give(town[1], taro, office, Stance.AGREE, reason="別の理由", at=AT + timedelta(hours=1))
    assert Answer.unseen().count() == 1


def test_answers_are_taken_until_the_day_of_polling_and_never_after_it(
    town: tuple[Contest, Questionnaire], taro: Politician, office: User
) -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    def at(*moment: int) -> datetime:
        return datetime(2026, 12, *moment, tzinfo=ZoneInfo("Asia/Tokyo"))

    assert give(town[1], taro, office, Stance.AGREE, at=at(19, 23, 59, 59)) == 1
    for moment in ((20, 0, 0), (20, 19, 59, 59)):
        with pytest.raises(errors.AnswersWait):
            give(town[1], taro, office, Stance.DISAGREE, at=at(*moment))
    with pytest.raises(errors.AnswersClosed):
        give(town[1], taro, office, Stance.DISAGREE, at=at(20, 20, 0))


def test_a_draft_takes_no_answers(editor: User) -> None:
    member = PoliticianFactory.create()
    TermFactory.create(politician=member)
    draft = DraftFactory.create()
    add(draft, editor)
    with pytest.raises(errors.AnswersClosed):
        give(draft, member, DelegateFactory.create(politician=member).user, Stance.AGREE)


def test_who_is_banned_or_in_haste_does_not_answer(
    town: tuple[Contest, Questionnaire], taro: Politician, office: User, settings: Settings
) -> None:
    settings.RATE_REPLIES_PER_ACCOUNT = 1
    give(town[1], taro, office, Stance.AGREE)
    with pytest.raises(TooMany):
        give(town[1], taro, office, Stance.DISAGREE)
    Ban.objects.create(account=office, reason="other", begins_at=AT, made_by=office)
    with pytest.raises(Banned):
        give(town[1], taro, office, Stance.DISAGREE, at=AT + timedelta(days=1))


def test_an_office_is_told_what_it_is_asked(
    town: tuple[Contest, Questionnaire], taro: Politician, django_assert_num_queries
) -> None:
    answers(town[1], taro, "40d")
    DraftFactory.create()
    with django_assert_num_queries(2):
        (request,) = requests_to(taro, AT)
    assert (request.statements, request.answered, request.open) == (10, 3, True)
    assert not requests_to(taro, AT + timedelta(days=365))[0].open


def test_an_account_downloads_what_it_answered(
    town: tuple[Contest, Questionnaire], taro: Politician, office: User
) -> None:
    give(town[1], taro, office, Stance.AGREE, reason="見本の理由です。")
    (row,) = exported(office)
    assert (row["stance"], row["reason"], row["by_owner"]) == ("agree", "見本の理由です。", True)
