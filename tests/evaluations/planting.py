"""An invented site (tsushinbo.scoring.synthetic) in the database: its ordinary life written at once, what is tried cast through the services."""

from datetime import UTC, datetime, timedelta

import numpy as np
from django.utils.timezone import localdate

from tests.people.factories import PartyFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import Ballot, BallotNetwork, Choice
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.attacks.ballots import DAY
from tsushinbo.scoring.synthetic.traffic import START, Scene, Site

DAYS = 120
POLITICIANS, PLEDGES_EACH = 24, 6
END = datetime.fromtimestamp(START + DAYS * DAY, UTC)


class Planted:
    """A site of 24 owners (the last ``parties`` of them parties) with 6 pledges each, and 120 days of ordinary ballots."""

    def __init__(self, seed: int = 1, *, voters: int = 400, ballots: int = 5000, parties: int = 0) -> None:
        generator = np.random.default_rng(seed)
        site = Site.draw(
            generator, politicians=POLITICIANS, pledges_each=PLEDGES_EACH, areas=4, days=DAYS, networks=240
        )
        self.scene = Scene(site, generator)
        self.owners = [
            *PoliticianFactory.create_batch(POLITICIANS - parties),
            *PartyFactory.create_batch(parties),
        ]
        self.pledges: list[Pledge] = []
        for owner in self.owners:
            field = "party" if owner in self.owners[POLITICIANS - parties :] else "politician"
            of_other = {"politician": None} if field == "party" else {}
            self.pledges += PledgeFactory.create_batch(PLEDGES_EACH, **{**of_other, field: owner})
        self.scene.ordinary(voters, ballots)
        self.written = len(self.scene.columns)
        everything, _ = self.scene.ballots()
        rows = list(
            zip(
                everything.voter.tolist(),
                everything.pledge.tolist(),
                everything.choice.tolist(),
                everything.at.tolist(),
                everything.network.tolist(),
                strict=True,
            )
        )
        Ballot.objects.bulk_create(
            Ballot(
                pledge=self.pledges[pledge],
                voter=number_of(voter),
                choice=Choice.GOOD if good else Choice.BAD,
                cast_at=time_of(at),
                changed_at=time_of(at),
            )
            for voter, pledge, good, at, _ in rows
        )
        BallotNetwork.objects.bulk_create(
            BallotNetwork(
                day=localdate(time_of(at)), pledge=self.pledges[pledge], voter=number_of(voter), network=network
            )
            for voter, pledge, _, at, network in rows
            if time_of(at) > END - timedelta(days=2)
        )
        services.recount(pledge.pk for pledge in self.pledges)

    def cast(self) -> set[tuple[int, int]]:
        """Cast through the service what was added to the scene since; return the pledge and voter of each ballot."""
        cast = set()
        for voter, pledge, choice, at, network, _ in self.scene.columns[self.written :]:
            order = np.argsort(at, kind="stable")
            for who, what, good, when, where in zip(
                *(column[order].tolist() for column in (voter, pledge, choice, at, network)), strict=True
            ):
                services.cast_ballot(
                    pledge=self.pledges[what],
                    voter=number_of(who),
                    choice=Choice.GOOD if good else Choice.BAD,
                    network=f"network:{where}",
                    at=time_of(when),
                )
                cast.add((self.pledges[what].pk, number_of(who)))
        self.written = len(self.scene.columns)
        return cast

    def well_supported(self, count: int = 3) -> np.ndarray:
        """Numbers of owners whom most support, though not the very best."""
        return np.sort(np.argsort(-self.scene.site.support())[2 : 2 + count])


def number_of(voter: int) -> int:
    """What a voter's cookie holds, as large as a real one."""
    return (voter + 1) * 7_919_000_000_000


def time_of(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
