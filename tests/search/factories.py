"""People, places and parties as the search finds them: with their folded names."""

from datetime import UTC, datetime

from tests.people.factories import AreaFactory, PartyFactory
from tsushinbo.addresses import new_id
from tsushinbo.japanese import romaji
from tsushinbo.japanese.folding import fold
from tsushinbo.people.models import Area, Party, Politician
from tsushinbo.people.services import PersonFact, keep_people
from tsushinbo.search.services import catch_up

AT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def person(name: str, kana: str = "", **facts: str) -> Politician:
    """A politician by name and reading, each with a space between family and given name where the parts are known."""
    family, _, given = name.rpartition(" ")
    family_kana, _, given_kana = kana.rpartition(" ")
    told = PersonFact(
        politician_id=new_id(),
        leading=True,
        scheme="test",
        value=str(new_id()),
        name=name.replace(" ", ""),
        kana=kana.replace(" ", ""),
        family_name=family,
        given_name=given if family else "",
        family_kana=family_kana,
        given_kana=given_kana if family_kana else "",
        **facts,
    )
    keep_people([told], at=AT)
    return Politician.objects.get(pk=told.politician_id)


def area(name: str, kana: str = "", **fields: object) -> Area:
    return AreaFactory(name=name, kana=kana, folded=f"{fold(name)} {fold(kana)} {romaji.fold_kana(kana)}", **fields)


def party(name: str, short_name: str = "") -> Party:
    return PartyFactory(name=name, short_name=short_name, folded=fold(name))


def indexed() -> None:
    """Let the search look at everything that changed, as the worker does within a second."""
    catch_up()
