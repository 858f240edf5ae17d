"""What every public page must hold, whatever it shows."""

import pytest
from django.test import Client

from tests.cast import PAGES, Cast
from tests.outline import Outline


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, cast: Cast) -> str:
    """The address of each public page in turn."""
    return cast.pages[request.param]


def test_names_of_pages_are_complete(cast: Cast) -> None:
    assert set(cast.pages) == set(PAGES)


def test_sets_no_cookie_and_varies_on_encoding_alone(client: Client, page: str) -> None:
    response = client.get(page)
    assert response.status_code == 200
    assert not response.cookies
    assert response.headers["Vary"] == "Accept-Encoding"


def test_damaged_cookies_are_not_answered_with_others(page: str) -> None:
    visitor = Client(enforce_csrf_checks=True)
    visitor.cookies["csrftoken"] = "short"
    visitor.cookies["sessionid"] = "short"
    response = visitor.get(page)
    assert response.status_code == 200
    assert not response.cookies
    assert response.headers["Cache-Control"].startswith("public")
    assert response.headers["Vary"] == "Accept-Encoding"


def test_may_be_held_by_any_cache(client: Client, page: str) -> None:
    policy = client.get(page).headers["Cache-Control"]
    assert policy.startswith(("public, max-age=", "public, no-cache"))


def test_answers_304_to_who_has_it(client: Client, page: str) -> None:
    first = client.get(page)
    again = client.get(page, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert again.headers["Vary"] == "Accept-Encoding"


def test_answers_whole_to_who_has_another(client: Client, page: str) -> None:
    assert client.get(page, headers={"If-None-Match": '"another"'}).status_code == 200


def test_compressed_answer_is_revalidated_too(client: Client, page: str) -> None:
    first = client.get(page, headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["Vary"] == "Accept-Encoding"
    again = client.get(page, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_head_answers_as_get_without_a_body(client: Client, page: str) -> None:
    get, head = client.get(page), client.head(page)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Cache-Control"] == get.headers["Cache-Control"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_takes_no_other_method(page: str, method: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.generic(method.upper(), page)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}
    assert "この送り方には対応していません" in response.content.decode()


def test_may_load_nothing_but_its_own_files(client: Client, page: str) -> None:
    headers = client.get(page).headers
    policy = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'"}
    assert headers["Permissions-Policy"].startswith("accelerometer=()")
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_says_hsts_behind_tls_alone(client: Client, page: str) -> None:
    assert "Strict-Transport-Security" not in client.get(page).headers
    assert client.get(page, secure=True).headers["Strict-Transport-Security"] == "max-age=31536000"


def test_is_outlined(client: Client, page: str) -> None:
    outline = Outline(client.get(page).content.decode())
    assert outline.lang == "ja"
    assert outline.headings.count(1) == 1
    assert outline.headings[0] == 1
    for above, below in zip(outline.headings, outline.headings[1:], strict=False):
        assert below <= above + 1, f"h{below} follows h{above}"
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.wanted <= set(outline.ids)
    assert outline.inline == []


def test_needs_no_template_name_in_vain(client: Client, page: str) -> None:
    html = client.get(page).content.decode()
    for trace in ("None", "{{", "{%", "&amp;amp;", "Form object"):
        assert trace not in html


def test_titles_are_unique(client: Client, cast: Cast) -> None:
    titles = [Outline(client.get(page).content.decode()).title for page in cast.pages.values()]
    assert all(title.endswith("｜先生の通信簿") for title in titles)
    assert len(set(titles)) == len(titles)


def test_pages_of_an_empty_site_stand(client: Client, db: None) -> None:
    for page in ("/", "/politicians/", "/pledges/", "/parties/", "/areas/", "/about/"):
        response = client.get(page)
        assert response.status_code == 200
        assert Outline(response.content.decode()).headings[0] == 1
