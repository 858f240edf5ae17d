"""The list of what may be meant under a search box, as the browser gets it."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.people.factories import TermFactory
from tests.pledges.factories import PledgeFactory
from tests.search.factories import area, indexed, party, person
from tsushinbo.people.models import Office, Politician
from tsushinbo.search.queries.suggesting import MOST

pytestmark = pytest.mark.django_db


@pytest.fixture
def yamadas() -> None:
    """Somebody in office, and a party, a place and pledges called alike."""
    someone = person("山田 花子", "やまだ はなこ")
    TermFactory(politician=someone, office=Office.COUNCILLORS)
    Politician.objects.filter(pk=someone.pk).update(holds_office=True)
    for n in range(20):
        person(f"山田 {n}", "やまだ たろう")
    party("山田の会")
    area("山田町", "やまだまち")
    for _ in range(5):
        PledgeFactory(title="山田川を直します", politician=someone)
    indexed()


def offered(client: Client, typed: str) -> str:
    response = client.get("/search/suggest/", {"q": typed})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("yamadas")
def test_each_is_an_option_with_its_own_address(client: Client) -> None:
    html = offered(client, "山田")
    assert html.count('role="option"') == MOST
    assert all(f'id="hint-{n}"' in html for n in range(1, MOST + 1))
    assert 'href="/politicians/' in html
    assert '<mark>山田</mark> 花子</span> <span class="meta">参議院議員</span>' in html
    assert "<html" not in html


@pytest.mark.usefixtures("yamadas")
@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "　", "・", "-山田", "'", '"', "%", "*", "NEAR(", "山田 AND", "<script>alert(1)</script>", "あ" * 400, "\u202e", "🏛️", " ".join("abcdefghijklmnopqrstuvwxyz"), "ー" * 100, "{{ q }}",
    ],
    ids=lambda typed: ascii(typed)[:20],
)  # fmt: skip
def test_nothing_is_offered_for_what_names_nobody(client: Client, typed: str) -> None:
    assert offered(client, typed).strip() == ""


@pytest.mark.parametrize("raw", ["q=%00", "q=%ED%A0%80", "q=%FF", "q=" + "a" * 10_000])
def test_what_is_no_text_is_refused(client: Client, raw: str) -> None:
    assert client.get(f"/search/suggest/?{raw}").status_code == 400


def test_names_stay_text(client: Client) -> None:
    party("<b>太字の会")
    indexed()
    html = offered(client, "太字")
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


@pytest.mark.usefixtures("yamadas")
def test_everybody_gets_the_same_for_a_minute_and_no_cookie(client: Client) -> None:
    response = client.get("/search/suggest/", {"q": "山田"}, headers={"hx-request": "true"})
    assert response.headers["Cache-Control"].startswith("public, max-age=")
    assert response.headers["Vary"] == "Accept-Encoding"
    assert not response.cookies
    assert client.post("/search/suggest/").status_code == 405


@pytest.mark.usefixtures("yamadas")
def test_queries_do_not_grow_with_what_is_offered(
    client: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for typed, most in (("山田", 30), ("yamada", 30), ("140-0014", 2), ("・", 0)):
        with django_assert_max_num_queries(most):
            client.get("/search/suggest/", {"q": typed})


@pytest.mark.parametrize("address", ["/", "/search/", "/pledges/", "/nothing/"])
def test_every_page_has_one_box_that_offers(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    assert html.count('hx-get="/search/suggest/"') == 1
    assert html.count('role="listbox"') == 1
    assert "search/suggest" in html.partition("</head>")[0]
