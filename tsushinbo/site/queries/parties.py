"""What the list of parties and the page of a party show."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tsushinbo.elections.models import Election
from tsushinbo.elections.queries import PartyRecord, records_of
from tsushinbo.japanese.dates import written_date
from tsushinbo.people.models import Office, Party, Politician
from tsushinbo.people.queries import PoliticianFilter, by_kana, members_by_office, members_by_party, narrowed
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import elections_pledged_for, of_owner
from tsushinbo.site.queries.bars import Bars, bars
from tsushinbo.site.queries.scores import Scores, scores_of
from tsushinbo.site.queries.totals import pledges_of_parties

PLEDGES_SHOWN = 10


@dataclass(frozen=True)
class PartyRow:
    """One party with the number of its members in office and of its own pledges."""

    party: Party
    members: int
    pledges: int


def party_rows() -> tuple[list[PartyRow], list[PartyRow]]:
    """Parties with somebody in office or a pledge, then all the others, each by name; 無所属 is last of its list."""
    members, pledges = members_by_party(), pledges_of_parties()
    rows = [
        PartyRow(party, members.get(party.pk, 0), pledges.get(party.pk, 0))
        for party in Party.objects.order_by("-kind", "name")
    ]
    return [row for row in rows if row.members or row.pledges], [
        row for row in rows if not (row.members or row.pledges)
    ]


@dataclass(frozen=True)
class PartyPage:
    """Who belongs to a party, what it promised and how that is judged, and the seats it won."""

    party: Party
    offices: list[tuple[Office, int]]
    members: QuerySet[Politician]
    pledges: list[Pledge]
    records: list[PartyRecord]
    charts: list[Bars]
    made_for: list[tuple[Election, int]]
    scores: Scores

    @property
    def member_count(self) -> int:
        """Offices held, added up: who holds two counts twice."""
        return sum(members for _, members in self.offices)


def party_page(party: Party, office: str | None, at: datetime) -> PartyPage:
    """Read the page of ``party`` with its members in ``office``, or in any."""
    scores, records = scores_of(party), records_of(party, at)
    return PartyPage(
        party=party,
        offices=members_by_office(party),
        members=by_kana(narrowed(PoliticianFilter(office=office, party=party.pk))),
        pledges=list(of_owner(party).select_related("policy_area", "election", "tally")[:PLEDGES_SHOWN])
        if scores.pledges
        else [],
        records=records,
        charts=_charts(records),
        made_for=elections_pledged_for(party) if scores.pledges else [],
        scores=scores,
    )


def _charts(records: list[PartyRecord]) -> list[Bars]:
    """Seats and the share of the list votes through the elections, each from two elections on."""
    records = [one for one in records if not one.counting]
    # The name of a general election does not fit a phone beside its number; its day does.
    seats = [(written_date(one.election.polling_on), float(one.seats), f"{one.seats:,}議席") for one in records]
    shares = [
        (written_date(record.election.polling_on), record.lists.share * 100, f"{record.lists.share * 100:.1f}%")
        for record in records
        if record.lists.share is not None
    ]
    charts = []
    if len(seats) > 1:
        charts.append(bars("seats", "議席の移り変わり", ("投票日", "議席"), seats))
    if len(shares) > 1:
        charts.append(bars("votes", "比例代表の得票率の移り変わり", ("投票日", "得票率"), shares, full=100))
    return charts
