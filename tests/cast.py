"""A small cast that gives every public page something to show, and the addresses of those pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from tests.accounts.factories import UserFactory
from tests.activities.factories import ReportFactory
from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory, UpcomingElectionFactory
from tests.people.factories import (
    AreaFactory,
    ConstituencyFactory,
    GroupFactory,
    LinkFactory,
    PartyFactory,
    PoliticianFactory,
    PrefectureFactory,
    TermFactory,
)
from tests.pledges.factories import (
    REGISTERED_AT,
    PartyPledgeFactory,
    PledgeFactory,
    PolicyAreaFactory,
    RevisionFactory,
)
from tests.surveys.factories import QuestionFactory, SurveyFactory
from tsushinbo.activities.models import ActivityReport
from tsushinbo.addresses import encode
from tsushinbo.elections.models import Contest, PartyResult
from tsushinbo.evaluations.models import Assessment, AssessmentLink, AssessmentTally, Tally
from tsushinbo.people.models import Area, Office, Party, Politician, Tier
from tsushinbo.pledges.models import Pledge
from tsushinbo.sources.models import Dataset
from tsushinbo.surveys.models import FreeAnswer, Question, Survey
from tsushinbo.surveys.said import Said
from tsushinbo.surveys.services import answer_survey


@dataclass(frozen=True)
class Cast:
    """Who and what the tests speak of."""

    member: Politician
    mayor: Politician
    stranger: Politician
    party: Party
    prefecture: Area
    ward: Area
    pledge: Pledge
    unjudged: Pledge
    party_pledge: Pledge
    report: ActivityReport
    contest: Contest
    survey: Survey
    closed_survey: Survey

    @property
    def pages(self) -> dict[str, str]:
        """The address of every public page by a name."""
        return {
            "home": reverse("site:home"),
            "politicians": reverse("site:politicians"),
            "report card": self.member.get_absolute_url(),
            "report card without ballots": self.mayor.get_absolute_url(),
            "report card without pledges": self.stranger.get_absolute_url(),
            "politician's pledges": reverse("site:politician-pledges", args=[self.member.pk]),
            "pledges": reverse("site:pledges"),
            "pledge": self.pledge.get_absolute_url(),
            "unjudged pledge": self.unjudged.get_absolute_url(),
            "party's pledge": self.party_pledge.get_absolute_url(),
            "activities": reverse("activities:reports"),
            "activity": self.report.get_absolute_url(),
            "politician's activities": reverse("activities:politician-reports", args=[self.member.pk]),
            "assessments": reverse("evaluations:assessments", args=[self.pledge.pk]),
            "parties": reverse("site:parties"),
            "party": self.party.get_absolute_url(),
            "areas": reverse("site:areas"),
            "elections": reverse("site:elections"),
            "my district form": reverse("site:district"),
            "my district": f"{reverse('site:district')}?area={self.ward.pk}",
            "comparison": f"{reverse('site:compare')}?p={encode(self.member.pk)}&p={encode(self.mayor.pk)}",
            "election": self.contest.election.get_absolute_url(),
            "contest": self.contest.get_absolute_url(),
            "election mode": reverse("site:election-mode", args=[self.contest.election_id]),
            "manifesto": reverse("site:manifesto", args=[self.contest.election_id]),
            "district": self.contest.constituency.get_absolute_url() if self.contest.constituency else "",
            "prefecture": self.prefecture.get_absolute_url(),
            "ward": self.ward.get_absolute_url(),
            "surveys": reverse("surveys:surveys"),
            "survey": self.survey.get_absolute_url(),
            "survey that closed": self.closed_survey.get_absolute_url(),
            "rankings": reverse("rankings:rankings"),
            "ranking": reverse("rankings:ranking", args=["deviation"]),
            "about": reverse("site:about"),
            "methodology": reverse("site:methodology"),
            "transparency": reverse("site:transparency"),
            "terms": reverse("site:terms"),
            "privacy": reverse("site:privacy"),
            "contact": reverse("site:contact"),
        }


PAGES = (
    "activities", "activity", "politician's activities", "home", "politicians", "report card", "report card without ballots", "report card without pledges", "politician's pledges",
    "pledges", "pledge", "unjudged pledge", "party's pledge", "assessments", "parties", "party", "areas", "prefecture", "ward", "elections", "my district form", "my district", "comparison", "election", "contest", "election mode", "manifesto", "district",
    "surveys", "survey", "survey that closed", "rankings", "ranking", "about", "methodology", "transparency", "terms", "privacy", "contact",
)  # fmt: skip


def tally(pledge: Pledge, good: int, bad: int, **reasons: int) -> Tally:
    """The counts of a pledge, without the ballots behind them."""
    return Tally.objects.create(pledge=pledge, good=good, bad=bad, changed_at=pledge.changed_at, **reasons)


def assessed(pledge: Pledge, people: int) -> None:
    """Sums as of so many citizens, two of whose comments may be read, and the politician's own view."""
    columns = {"progress_sum": 45, "progress_squares": 2400, "achievement_sum": 20, "achievement_squares": 700}
    AssessmentTally.objects.create(
        pledge=pledge,
        assessments=people,
        changed_at=pledge.changed_at,
        **{column: people * mean for column, mean in columns.items()},
    )
    for number, by_owner in enumerate((False, False, True)):
        assessment = Assessment.objects.create(
            pledge=pledge, author=UserFactory(), by_owner=by_owner, progress=40 + number, achievement=20, state="approved",
            comment="予算に計上されました。\n実施はこれからです。", worded=True, made_at=pledge.changed_at, submitted_at=pledge.changed_at,
        )  # fmt: skip
        AssessmentLink.objects.create(
            assessment=assessment, number=1, title="2026年度の予算書", url="https://www.example.com/budget/"
        )


def make_survey(title: str, **times: datetime) -> Survey:
    """A survey with a question of every kind that a dozen people answered."""
    survey = SurveyFactory.create(title=title, intro="結果は、区議会に届けます。", **times)
    kinds = Question.Kind
    for number, (kind, text, options) in enumerate(
        (
            (kinds.SINGLE, "公園と保育園のどちらを先に増やしますか", ("公園", "保育園")),
            (kinds.MULTIPLE, "通学路で困っていることは何ですか", ("段差", "暗さ", "車の速さ")),
            (kinds.RANKED, "大切な順に並べてください", ("安全", "近さ", "費用")),
            (kinds.SCALE, "いまの広報に満足していますか", ()),
            (kinds.TEXT, "ご意見を書いてください", ()),
        ),
        1,
    ):
        QuestionFactory.create(survey=survey, number=number, kind=kind, text=text, options=options)
    for voter in range(12):
        chosen = ({(1 + voter % 2, 0)}, {(1, 0), (2 + voter % 2, 0)}, {(1, 1), (2, 2)}, {(1 + voter % 5, 0)})
        said = {number: Said(frozenset(one)) for number, one in enumerate(chosen, 1)}
        answer_survey(
            survey=survey,
            voter=voter,
            said={**said, 5: Said(text=f"意見{voter}です。")},
            wording=1,
            at=survey.opens_at + timedelta(minutes=voter),
        )
    FreeAnswer.objects.filter(question__survey=survey, voter__lt=7).update(state=FreeAnswer.State.APPROVED)
    survey.refresh_from_db()
    return survey


def make_cast() -> Cast:
    """Three people in office, a party, a prefecture with a ward, pledges with and without ballots, elections past and to come."""
    dataset = Dataset.objects.create(
        key="sample", title="見本の表", url="https://data.example.com/", licence="CC BY 4.0", attribution="見本の会"
    )
    prefecture = PrefectureFactory(code="130001", name="東京都", kana="とうきょうと")
    ward = AreaFactory(code="131091", name="品川区", kana="しながわく", prefecture=prefecture, parent=prefecture)
    party, group = PartyFactory(name="見本党"), GroupFactory(name="見本会", office=Office.MUNICIPAL_ASSEMBLY, area=ward)
    topic = PolicyAreaFactory(code="childcare", name="子育て")
    district = ConstituencyFactory(name="東京都第1区", prefecture=prefecture)

    member = PoliticianFactory(given_name="太郎")
    TermFactory(
        politician=member, prefecture=prefecture, constituency=district, tier=Tier.SINGLE_SEAT, party=party,
        starts_on="2024-10-27", ends_on="2028-10-26", times_elected=2, dataset=dataset, as_of="2026-02-08",
    )  # fmt: skip
    LinkFactory(politician=member, title="公式サイト", url="https://taro.example.com/")
    mayor = PoliticianFactory(family_name="仮名", given_name="良子", family_kana="かりな", given_kana="よしこ")
    TermFactory(
        politician=mayor, office=Office.MAYOR, area=ward, prefecture=prefecture, backing="見本党", starts_on="2022-12-04",
        ends_on="2026-12-03", source_title="区長の紹介", source_url="https://ward.example.com/mayor/",
    )  # fmt: skip
    stranger = PoliticianFactory(name="例示一郎", family_name="", given_name="", kana="")
    TermFactory(politician=stranger, office=Office.MUNICIPAL_ASSEMBLY, area=ward, prefecture=prefecture, group=group)

    election = ElectionFactory(name="第50回衆議院議員総選挙")
    contest = ContestFactory(election=election, name="東京都第1区", constituency=district)
    CandidacyFactory(contest=contest, politician=member, party=party, votes="98765.500", elected=True)
    PartyResult.objects.create(
        election=election, tier=Tier.SINGLE_SEAT, area_name="全国", party=party, party_name=party.name, seats=3
    )
    ElectionFactory(name="品川区長選挙", area=ward, polling_on="2022-12-04", turnout_percent="35.22", seats=1)
    UpcomingElectionFactory(name="品川区議会議員選挙", area=ward, polling_on="2127-04", precision="month")

    owned = {"politician": member, "policy_area": topic, "election": election}
    pledge = PledgeFactory(
        **owned,
        title="給食費を無償にします",
        quoted=True,
        licence="CC BY 4.0",
        attribution="見本党",
        deadline="2027年度",
    )
    tally(pledge, 72, 28, clear=40, unclear=10, feasible=6, infeasible=2)
    assessed(pledge, 12)
    RevisionFactory(pledge=pledge, content={"title": pledge.title, "text": "2026年度までに実施します。"})
    RevisionFactory(
        pledge=pledge, number=2, content={"title": pledge.title, "text": pledge.text}, reason="期限を直しました",
        recorded_at=REGISTERED_AT + timedelta(days=1),
    )  # fmt: skip
    PledgeFactory(**owned, title="通学路に街灯を増やします", status=Pledge.Status.STARTED)
    return Cast(
        report=ReportFactory(politician=member, pledge=pledge, publish_at=REGISTERED_AT),
        contest=contest,
        survey=make_survey("子育ての調べ"),
        closed_survey=make_survey("道路の調べ", closes_at=REGISTERED_AT + timedelta(days=9), opens_at=REGISTERED_AT),
        member=member,
        mayor=mayor,
        stranger=stranger,
        party=party,
        prefecture=prefecture,
        ward=ward,
        pledge=pledge,
        unjudged=PledgeFactory(
            politician=mayor, policy_area=topic, title="保育園を増やします", election_name="区長選挙"
        ),
        party_pledge=PartyPledgeFactory(party=party, policy_area=topic, title="児童手当を増やします"),
    )
