"""``tsushinbo manage doubtful_matches``: who may be the same person, and the decision of a person about it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tsushinbo.elections.models import Candidacy
from tsushinbo.errors import RuleBroken
from tsushinbo.importers.models import DoubtfulMatch
from tsushinbo.importers.queries import open_doubts
from tsushinbo.importers.services import decide_doubt
from tsushinbo.people.models import Politician


class Command(BaseCommand):
    help = "List people who may be one, or decide: doubtful_matches NUMBER same, doubtful_matches NUMBER different."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="?", type=int, help="the number of the doubt, as listed")
        parser.add_argument("verdict", nargs="?", choices=("same", "different"), help="what you found out")

    def handle(self, *, number: int | None, verdict: str | None, **_options: Any) -> None:
        if number is None:
            self._list()
            return
        if verdict is None:
            raise CommandError(f"say what you found out: doubtful_matches {number} same, or different")
        doubt = DoubtfulMatch.objects.filter(pk=number).first()
        if doubt is None:
            raise CommandError(f"there is no doubt {number}; without a number, all open ones are listed")
        try:
            decide_doubt(doubt, same=verdict == "same", at=timezone.now())
        except RuleBroken as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"{number}: {verdict}")

    def _list(self) -> None:
        doubts = open_doubts().select_related("first", "second", "candidacy__contest__election", "candidacy__party")
        for doubt in doubts:
            self.stdout.write(f"{doubt.pk}: {doubt.reason}")
            self.stdout.write(f"    {_politician(doubt.first)}")
            if doubt.second is not None:
                self.stdout.write(f"    {_politician(doubt.second)}")
            if doubt.candidacy is not None:
                self.stdout.write(f"    {_candidacy(doubt.candidacy)}")
        self.stdout.write(f"{len(doubts):,} doubtful matches wait for a person.")


def _politician(politician: Politician) -> str:
    born = f"{politician.birth_year}年生" if politician.birth_year else ""
    offices = "、".join(
        " ".join(filter(None, (term.office_name, term.constituency.name if term.constituency else "", term.starts_on)))
        for term in politician.terms.select_related("area", "prefecture", "constituency")
    )
    facts = (politician.name, politician.kana, born, offices, politician.get_absolute_url())
    return "　".join(fact for fact in facts if fact)


def _candidacy(candidacy: Candidacy) -> str:
    age = f"{candidacy.age}歳" if candidacy.age else ""
    party = candidacy.party.name if candidacy.party else ""
    names = (
        candidacy.name
        if candidacy.name_on_ballot in ("", candidacy.name)
        else f"{candidacy.name}（{candidacy.name_on_ballot}）"
    )
    facts = ("立候補", names, candidacy.kana, age, party, str(candidacy.contest), candidacy.key)
    return "　".join(fact for fact in facts if fact)
