"""The least valid row of each table of people and places."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from tests.accounts.factories import UserFactory
from tsushinbo.people import models


class AreaFactory(DjangoModelFactory[models.Area]):
    """A city of no prefecture; ``PrefectureFactory`` makes the 47's kind."""

    class Meta:
        model = models.Area
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"{900_000 + n:06}")
    name = factory.Sequence(lambda n: f"見本{n}市")
    kind = models.Area.Kind.CITY


class PrefectureFactory(AreaFactory):
    """A prefecture. Its ``prefecture`` is itself, as in the imported table."""

    code = factory.Sequence(lambda n: f"{n % 47 + 1:02}{n // 47 % 1000:03}9")
    name = factory.Sequence(lambda n: f"見本{n}県")
    kind = models.Area.Kind.PREFECTURE
    prefecture_id = factory.SelfAttribute("code")


class ConstituencyFactory(DjangoModelFactory[models.Constituency]):
    class Meta:
        model = models.Constituency

    office = models.Office.REPRESENTATIVES
    tier = models.Tier.SINGLE_SEAT
    name = factory.Sequence(lambda n: f"見本県第{n}区")


class PartyFactory(DjangoModelFactory[models.Party]):
    class Meta:
        model = models.Party

    key = factory.Sequence(lambda n: f"party-{n}")
    name = factory.Sequence(lambda n: f"見本{n}党")


class GroupFactory(DjangoModelFactory[models.ParliamentaryGroup]):
    class Meta:
        model = models.ParliamentaryGroup

    key = factory.Sequence(lambda n: f"group-{n}")
    office = models.Office.COUNCILLORS
    name = factory.Sequence(lambda n: f"見本会派{n}")


class PoliticianFactory(DjangoModelFactory[models.Politician]):
    """A person with a name split in two and read, as most are; no term, no spelling for the search."""

    class Meta:
        model = models.Politician

    family_name = "見本"
    given_name = factory.Sequence(lambda n: f"太郎{n}")
    name = factory.LazyAttribute(lambda person: person.family_name + person.given_name)
    family_kana = "みほん"
    given_kana = "たろう"
    kana = factory.LazyAttribute(lambda person: person.family_kana + person.given_kana)


class TermFactory(DjangoModelFactory[models.Term]):
    """A running term of a member of the House of Representatives."""

    class Meta:
        model = models.Term

    politician = factory.SubFactory(PoliticianFactory)
    key = factory.Sequence(lambda n: f"term-{n}")
    office = models.Office.REPRESENTATIVES
    running = True


class LinkFactory(DjangoModelFactory[models.OfficialLink]):
    class Meta:
        model = models.OfficialLink

    politician = factory.SubFactory(PoliticianFactory)
    title = "公式サイト"
    url = factory.Sequence(lambda n: f"https://www.example.com/{n}/")


class DelegateFactory(DjangoModelFactory[models.Delegate]):
    """An account that speaks for a politician, recorded by a member of the staff."""

    class Meta:
        model = models.Delegate

    user = factory.SubFactory(UserFactory)
    politician = factory.SubFactory(PoliticianFactory)
    since = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
    recorded_by = factory.SubFactory(UserFactory, is_staff=True)


class MissingFactory(DjangoModelFactory[models.PersonProposal]):
    """A mayor who is missing, proposed by a member; nobody decided yet. ``area`` is the city."""

    class Meta:
        model = models.PersonProposal
        exclude = ("area", "name", "kana")

    area = factory.SubFactory(AreaFactory)
    name = "例示 花子"
    kana = "れいじ はなこ"
    wish = models.PersonProposal.Wish.MISSING
    author = factory.SubFactory(UserFactory)
    source_url = "https://www.example.com/mayor/"
    submitted_at = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
    content = factory.LazyAttribute(
        lambda row: {
            "name": row.name,
            "kana": row.kana,
            "office": "mayor",
            "place_name": row.area.name,
            "area": row.area.code,
            "prefecture": "",
            "constituency": "",
            "tier": "",
            "party": "",
            "party_name": "",
            "starts_on": "2026-04",
            "link_url": "https://hanako.example.com/",
            "others": [],
        }
    )


class CorrectionFactory(DjangoModelFactory[models.PersonProposal]):
    """The birth year of somebody, corrected from nothing to 1970; nobody decided yet."""

    class Meta:
        model = models.PersonProposal

    wish = models.PersonProposal.Wish.CORRECTION
    author = factory.SubFactory(UserFactory)
    politician = factory.SubFactory(PoliticianFactory)
    source_url = "https://www.example.com/profile/"
    submitted_at = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
    content = factory.LazyAttribute(
        lambda _: {
            "changes": [
                {
                    "fact": "birth_year",
                    "label": "生年",
                    "before": "",
                    "after": "1970",
                    "before_shown": "",
                    "after_shown": "1970年",
                }
            ]
        }
    )
