"""One row of everything that an address can be about, with who owns it: for tests that walk through every door of the site."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core import signing
from django.utils import timezone

from tests.accounts.factories import UserFactory
from tests.activities.factories import DraftFactory, MemberReportFactory, ReportFactory
from tests.advice.factories import AnswerFactory, StatementFactory, asked
from tests.advice.factories import DraftFactory as UnpublishedFactory
from tests.books.factories import ChosenFactory, LinkFactory
from tests.claims.factories import InvitationFactory, WaitingClaimFactory
from tests.elections.factories import CandidacyFactory, ContestFactory
from tests.people.factories import (
    AreaFactory,
    ConstituencyFactory,
    CorrectionFactory,
    DelegateFactory,
    MissingFactory,
    PartyFactory,
    PoliticianFactory,
    TermFactory,
)
from tests.pledges.factories import PledgeFactory
from tests.surveys.factories import DraftFactory as SurveyDraftFactory
from tests.surveys.factories import QuestionFactory, SurveyFactory
from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport, Draft, Picture
from tsushinbo.advice.models import Questionnaire
from tsushinbo.books.models import Book, BookLink
from tsushinbo.claims.models import Claim, Invitation
from tsushinbo.claims.queries.teams import SALT
from tsushinbo.comments.models import Comment
from tsushinbo.elections.models import Contest
from tsushinbo.evaluations.models import Alert, Assessment, HoldCase, HoldDecision, ReasonText
from tsushinbo.mail.models import Message
from tsushinbo.moderation.models import Appeal, Ban, LogEntry
from tsushinbo.moderation.models.takedowns import Takedown
from tsushinbo.notices.models import Follow, Notice
from tsushinbo.notices.tickets import ticket
from tsushinbo.people.models import Area, Delegate, FactCorrection, Party, PersonProposal, Politician
from tsushinbo.pledges.models import Evidence, Pledge, PledgeDraft, PledgeProposal
from tsushinbo.replies.models import Reply
from tsushinbo.surveys.models import FreeAnswer, Survey

# Stands in every text that others may not read.
SECRET = "人目に触れない言葉"
# The number of the browser that wrote a comment without an account.
WRITER = 4711


@dataclass(frozen=True)
class World:
    """``politician`` is spoken for by ``office``, ``rival`` by ``rival_office``; what is private belongs to ``writer``, the passkey to an editor."""

    office: User
    rival_office: User
    writer: User
    politician: Politician
    rival: Politician
    delegate: Delegate
    party: Party
    area: Area
    contest: Contest
    pledge: Pledge
    report: ActivityReport
    waiting: ActivityReport
    draft: Draft
    picture: Picture
    book: BookLink
    chosen_book: Book
    comment: Comment
    own_comment: Comment
    refused: Comment
    assessment: Assessment
    reason: ReasonText
    evidence: Evidence
    proposal: PledgeProposal
    person: PersonProposal
    pledge_draft: PledgeDraft
    pledge_list: PledgeDraft
    claim: Claim
    invitation: Invitation
    entry: LogEntry
    appeal: Appeal
    ban: Ban
    takedown: Takedown
    notice: Notice
    follow: Follow
    reply: Reply
    survey: Survey
    survey_draft: Survey
    free_answer: FreeAnswer
    questionnaire: Questionnaire
    unpublished: Questionnaire
    case: HoldCase
    decision: HoldDecision
    alert: Alert
    mail: Message
    passkey: Authenticator

    @property
    def stop_ticket(self) -> str:
        """What a mail to the writer ends the mails by."""
        return ticket(self.writer.pk)

    @property
    def invitation_token(self) -> str:
        """What the link of the invitation holds."""
        return signing.dumps(self.invitation.pk, salt=SALT)

    def admin_row(self, table: str) -> int:
        """The id of a row of a table, by the name that the admin's addresses have for it; 1 where the world has none."""
        row = apps.get_model(table.replace("/", "."))._default_manager.order_by("pk").first()
        return int(row.pk) if row else 1


def make_world() -> World:
    """Make all of it, some minutes ago."""
    at = timezone.now() - timedelta(minutes=30)
    office, rival_office, editor = UserFactory.create(), UserFactory.create(), UserFactory.create()
    writer = UserFactory.create(display_name="書き手")
    politician, rival = PoliticianFactory.create(), PoliticianFactory.create(family_name="仮名", family_kana="かりな")
    delegate = DelegateFactory.create(user=office, politician=politician)
    DelegateFactory.create(user=rival_office, politician=rival)
    party, area = PartyFactory.create(), AreaFactory.create()
    TermFactory.create(politician=politician, party=party, area=area)
    pledge = PledgeFactory.create(politician=politician)
    times = {"submitted_at": at, "made_at": at}
    report = ReportFactory.create(politician=politician, pledge=pledge, author=office, submitted_at=at)
    waiting = MemberReportFactory.create(
        politician=politician, author=writer, title=f"{SECRET}の報告", body=SECRET, submitted_at=at
    )
    link = LinkFactory.create(politician=politician, author=writer, why=SECRET, submitted_at=at)
    chosen = ChosenFactory.create(politician=politician, submitted_at=at).book
    assert chosen is not None
    comment = Comment.objects.create(report=report, body="参考になります。", state="approved", writer=1, **times)
    own_comment = Comment.objects.create(report=report, body=SECRET, author=writer, nickname="書き手", **times)
    refused = Comment.objects.create(
        report=report, body=f"{SECRET}と書いた", author=writer, state="rejected", decided_at=at, decision_reason="other", **times
    )  # fmt: skip
    entry = LogEntry.objects.create(
        at=at, actor=editor, deed="reject", kind=refused.kind, subject_id=refused.pk, reason="other", state_before="pending", state_after="rejected"
    )  # fmt: skip
    case = HoldCase.objects.create(
        sign="co_target", state="released", begins_at=at, ends_at=at, strength=7.5, expected=0.4, found_at=at, changed_at=at, decided_at=at,
        details={"targets": [{"kind": "politician", "id": politician.pk, "name": "見本", "choice": "bad"}], "others": 1, "ballots": 0},
    )  # fmt: skip
    survey = SurveyFactory.create(results="always")
    QuestionFactory.create(survey=survey, number=1)
    text_question = QuestionFactory.create(survey=survey, number=2, kind="text", text="ご意見")
    kept: dict[str, Any] = {"author": writer, "politician": rival, "saved_at": at}
    content = {"title": f"{SECRET}の提案", "text": SECRET, "policy_area": "子育て", "topic": "childcare"}
    draft = DraftFactory.create(**kept, fields={"title": f"{SECRET}の下書き", "body": SECRET})
    # In force, and public.
    correction = CorrectionFactory.create(politician=politician, state="approved", decided_at=at, submitted_at=at)
    FactCorrection.objects.create(
        politician=politician, fact="birth_year", value="1970", proposal=correction, made_at=at
    )
    questionnaire, unpublished = asked(), UnpublishedFactory.create(title=f"{SECRET}の質問票", introduction=SECRET)
    stands = ContestFactory.create(election=questionnaire.election)
    CandidacyFactory.create(contest=stands, politician=politician)
    AnswerFactory.create(
        statement=questionnaire.statements.get(position=1), politician=rival, reason="計画に賛成します。"
    )
    StatementFactory.create(questionnaire=unpublished, position=1, text=f"{SECRET}を進めるべきだ。")
    return World(
        questionnaire=questionnaire,
        unpublished=unpublished,
        office=office,
        rival_office=rival_office,
        writer=writer,
        politician=politician,
        rival=rival,
        delegate=delegate,
        party=party,
        area=area,
        contest=ContestFactory.create(constituency=ConstituencyFactory()),
        pledge=pledge,
        report=report,
        waiting=waiting,
        draft=draft,
        picture=Picture.objects.create(
            report=waiting, number=1, name="ab" * 16, alt=SECRET, width=480, height=240, widths=[480], added_at=at
        ),
        book=link,
        chosen_book=chosen,
        comment=comment,
        own_comment=own_comment,
        refused=refused,
        assessment=Assessment.objects.create(
            pledge=pledge, author=writer, progress=40, achievement=20, comment=SECRET, worded=True, **times
        ),
        reason=ReasonText.objects.create(pledge=pledge, voter=1, text=SECRET, submitted_at=at),
        evidence=Evidence.objects.create(
            pledge=pledge, title=f"{SECRET}の根拠", url="https://www.example.com/", publisher="市", dated_on=at.date(), shows=SECRET,
            proposed_status="started", proposed_by=editor, proposed_at=at,
        ),
        proposal=PledgeProposal.objects.create(author=writer, politician=rival, content=content, submitted_at=at),
        person=MissingFactory.create(author=writer, reason=SECRET, submitted_at=at),
        pledge_draft=PledgeDraft.objects.create(**kept, fields={"title": f"{SECRET}の公約", "text": SECRET}),
        pledge_list=PledgeDraft.objects.create(**kept, rows=[{"title": SECRET, "text": SECRET}]),
        claim=WaitingClaimFactory.create(user=writer, politician=rival, statement=SECRET, opened_at=at, proved_at=at),
        invitation=InvitationFactory.create(
            politician=rival, address=f"hidden-{writer.pk}@example.jp", invited_by=rival_office, invited_at=at
        ),
        entry=entry,
        appeal=Appeal.objects.create(
            entry=entry, kind=refused.kind, subject_id=refused.pk, opened_by=writer, text=SECRET, opened_at=at
        ),
        ban=Ban.objects.create(account=UserFactory.create(), reason="other", note=SECRET, begins_at=at, made_by=editor),
        takedown=Takedown.objects.create(
            page="/", words=SECRET, right="honour", how=SECRET, name=SECRET, email="who@example.jp", received_at=at, due_at=at + timedelta(days=7),
            state="inquiry", kind=refused.kind, subject_id=refused.pk, inquired_at=at,
        ),
        notice=Notice.objects.create(user=writer, kind="decision", title=SECRET, url="/", text=SECRET, told_at=at, token=1),
        follow=Follow.objects.create(user=writer, subject="politician", subject_id=rival.pk, followed_at=at),
        reply=Reply.objects.create(
            politician=politician, author=office, comment=comment, body="ご意見をありがとうございます。", changed_at=at, state="approved", **times
        ),
        survey=survey,
        survey_draft=SurveyDraftFactory.create(title=f"{SECRET}の調べ", intro=SECRET),
        free_answer=FreeAnswer.objects.create(question=text_question, voter=1, text=SECRET, submitted_at=at),
        case=case,
        decision=HoldDecision.objects.create(
            case=case, verdict="release", reason="news", ballots=0, decided_by=editor, decided_at=at
        ),
        alert=Alert.objects.create(
            politician=politician, kind="burst", choice="bad", begins_at=at, ends_at=at, strength=8.0, found_at=at
        ),
        mail=Message.objects.create(
            to="who@example.jp", subject=SECRET, text=SECRET, created_at=at, next_try_at=at, give_up_at=at + timedelta(days=1)
        ),
        passkey=Authenticator.objects.create(user=editor, type="webauthn", data={"name": SECRET, "credential": {}}),
    )  # fmt: skip
