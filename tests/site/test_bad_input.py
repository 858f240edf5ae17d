"""Whatever is asked for, the answer is a page or a refusal, never a fault."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import PAGES, Cast
from tests.outline import Outline

RTL = "\u202e\u2067\u200f"
REFUSED = {
    "an endless query": "x=" + "y" * 10_000_000,
    "NUL": "q=%00",
    "NUL in a name": "a%00b=1",
    "broken UTF-8": "q=%ff%fe",
    "a lone continuation byte": "q=%80",
    "half a surrogate": "q=%ed%a0%80",
    "raw bytes that are no UTF-8": "q=\xff",
    "too many values": "&".join(f"a{n}=" for n in range(301)),
}
NO_PAGE = ["-1", "0", "abc", "１", "1e3", "1.0", "+1", " 1", "99999999999999999999", "", RTL, "%2e"]
LISTS = (
    "politicians", "politician's pledges", "pledges", "party", "assessments", "ranking", "activities", "politician's activities", "elections",
)  # fmt: skip
# Pages that read a query and are no lists of many pages.
READING = (
    "activity", "pledge", "unjudged pledge", "party's pledge", "my district form", "my district", "comparison", "election", "election mode", "manifesto", "surveys", "survey that closed",
)  # fmt: skip


@pytest.fixture
def lenient() -> Client:
    """A client that sees the 500 page instead of the exception."""
    return Client(raise_request_exception=False)


def says(response: HttpResponse, status: int) -> bool:
    """Whether it is one of our pages with this status, held by nobody."""
    html = response.content.decode()
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    return html.count("<h1>") == 1 and "トップページを開く" in html and 'lang="ja"' in html


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED)
def test_broken_query_is_refused(lenient: Client, cast: Cast, name: str, query: str) -> None:
    response = lenient.get(cast.pages[name], QUERY_STRING=query)
    if query == REFUSED["too many values"] and name not in (*LISTS, *READING):
        assert response.status_code == 200  # the page reads no query
    else:
        assert says(response, 400)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("number", NO_PAGE)
def test_page_number_that_is_none_is_not_found(lenient: Client, cast: Cast, name: str, number: str) -> None:
    response = lenient.get(cast.pages[name], {"page": number})
    assert says(response, 404)


@pytest.mark.parametrize("name", LISTS)
def test_page_beyond_the_last_is_not_found(lenient: Client, cast: Cast, name: str) -> None:
    assert says(lenient.get(cast.pages[name], {"page": "2"}), 404)


@pytest.mark.parametrize(
    "path",
    [
        "/politicians/0000000000/",
        "/politicians/0000000000/pledges/",
        "/politicians/12/",
        "/politicians/zzzzzzzzzzz/",
        "/politicians/ABCDEFGHIJ/",
        "/politicians/-1/",
        "/pledges/0000000000/",
        "/pledges/0000000000/ballot/x/",
        "/pledges/0000000000/assessments/",
        "/pledges/0000000000/assessments/new/",
        "/parties/0000000000/",
        "/areas/999999/",
        "/areas/1/",
        "/areas/%F0%9F%8D%A3/",
        "/areas/..%2f..%2fetc/",
        "/politicians/%ff%fe/",
        "/politicians/'%20OR%201=1--/",
        f"/areas/{quote(RTL)}/",
        f"/areas/{'9' * 5000}/",
        "/nothing/",
        "/politicians//",
        "/static/nothing.css",
        "/.env",
    ],
)
def test_unknown_address_is_not_found(lenient: Client, db: None, path: str) -> None:
    response = lenient.get(path)
    assert response.status_code == 404
    if not path.startswith("/static/"):
        assert says(response, 404)


@pytest.mark.parametrize("path", ["/politicians/%00/", "/areas/a%00b/", "/%00"])
def test_nul_in_the_address_is_refused(lenient: Client, db: None, path: str) -> None:
    assert says(lenient.get(path), 400)


def test_unknown_host_is_refused(lenient: Client, db: None) -> None:
    assert lenient.get("/", headers={"Host": "evil.example.com"}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "office=king",
        "party=-1",
        "prefecture=999999",
        "group=zzzzzzzzzz",
        "row=x",
        "order=best",
        "topic=%00x",
        f"status={quote(RTL)}",
    ],
)
@pytest.mark.parametrize("name", ["politicians", "pledges"])
def test_unknown_choice_is_left_out_and_said(client: Client, cast: Cast, name: str, query: str) -> None:
    response = client.get(cast.pages[name] + "?" + query)
    assert response.status_code == (400 if "%00" in query else 200)
    known = {
        "politicians": ("office", "party", "prefecture", "group", "row", "order"),
        "pledges": ("topic", "status", "party", "prefecture", "order"),
    }
    if response.status_code == 200 and query.split("=")[0] in known[name]:
        assert "条件を読み取れないため、外して表示しています" in response.content.decode()


@pytest.mark.parametrize("path", ["/pledges/random/", "/healthz", "/nothing/", "/search/"])
def test_a_form_where_none_is_taken_is_told_so(db: None, path: str) -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    assert says(strict.post(path), 404 if path == "/nothing/" else 405)


def test_a_form_without_its_token_is_refused_on_a_page_of_ours(db: None) -> None:
    assert says(Client(enforce_csrf_checks=True).post("/accounts/login/"), 403)


@pytest.mark.parametrize("fault", [OperationalError("database is locked"), InterfaceError("connection already closed")])
def test_database_that_is_away_is_503(
    lenient: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr("tsushinbo.site.views.home.totals", _raising(fault))
    response = lenient.get("/")
    assert says(response, 503)
    assert response.headers["Retry-After"] == "10"


def test_fault_of_ours_is_a_page_with_every_header(
    lenient: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tsushinbo.site.views.home.totals", _raising(ZeroDivisionError("secret detail")))
    response = lenient.get("/")
    assert says(response, 500)
    assert "secret detail" not in response.content.decode()
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def _raising(fault: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise fault

    return fail


names = st.sampled_from(
    [
        "page",
        "order",
        "topic",
        "status",
        "owner",
        "level",
        "prefecture",
        "party",
        "election",
        "office",
        "group",
        "row",
        "pledges",
        "history",
        "q",
    ]
)
values = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "1",
            "-1",
            "new",
            "ballots",
            "title",
            "kana",
            "yes",
            "all",
            "politician",
            "national",
            RTL,
            "' OR 1=1",
            "<script>",
            "%",
        ]
    ),
    st.binary(max_size=20).map(lambda raw: raw.decode("latin-1")),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(PAGES), query=st.lists(st.tuples(names, values), max_size=6))
def test_any_query_gets_a_page_or_a_refusal(cast: Cast, name: str, query: list[tuple[str, str]]) -> None:
    text = "&".join(f"{key}={quote(value, safe='%')}" for key, value in query)
    response = Client(raise_request_exception=True).get(cast.pages[name], QUERY_STRING=text)
    assert response.status_code in {200, 400, 404}
    assert Outline(response.content.decode()).inline == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=60))
def test_any_bytes_as_query_get_a_page_or_a_refusal(cast: Cast, raw: bytes) -> None:
    response = Client().get("/politicians/", QUERY_STRING=raw.decode("latin-1"))
    assert response.status_code in {200, 400, 404}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=40))
def test_any_path_gets_a_page_or_a_refusal(cast: Cast, path: str) -> None:
    response = Client().get("/" + quote(path, errors="surrogatepass"))
    assert response.status_code in {200, 301, 400, 404, 405}
