"""Which mail addresses may prove a claim, and which only look as if."""

import pytest

from tsushinbo.claims.domains import Address, Link, fitting, is_public_body, read_address

pytestmark = pytest.mark.any_database
OWN = Link("https://www.taro-mihon.jp/", shared=False)
PROFILE = Link("https://www.party.example/members/taro/", shared=False)
HOUSE = Link("https://www.sangiin.go.jp/japanese/taro.htm", shared=True)
NOTE = Link("https://note.com/taro/", shared=False)
LINKS = [OWN, PROFILE, HOUSE, NOTE]


@pytest.mark.parametrize(
    "host",
    ["city.mihon.lg.jp", "cao.go.jp", "metro.tokyo.jp", "pref.kanagawa.jp", "city.shinagawa.tokyo.jp", "gikai.city.shinagawa.tokyo.jp",
     "town.hakone.kanagawa.jp", "vill.hinohara.tokyo.jp", "city.yokohama.jp"],
)  # fmt: skip
def test_public_bodies_are_known_by_their_names(host: str) -> None:
    assert is_public_body(host)
    assert fitting(f"a@{host}", []) == Address(f"a@{host}", host, own=False)


@pytest.mark.parametrize(
    "host",
    ["lg.jp", "go.jp", "xlg.jp", "city-shinagawa.tokyo.jp.evil.example", "city-shinagawa.tokyo.jp", "shinagawa.tokyo.jp", "lg.jp.example.com",
     "city.tokyo.jp", "city.mihon.jp", "metro.osaka.jp", "pref.tokyo.jp", "city.shinagawa.tokyo.example", "city.shinagawa.tokio.jp"],
)  # fmt: skip
def test_names_that_only_look_like_a_public_body_are_none(host: str) -> None:
    assert not is_public_body(host)
    assert fitting(f"a@{host}", LINKS) is None


def test_a_domain_of_ones_own_is_enough_and_that_of_others_is_not() -> None:
    assert fitting("info@taro-mihon.jp", LINKS) == Address("info@taro-mihon.jp", "taro-mihon.jp", own=True)
    assert fitting("info@mail.taro-mihon.jp", LINKS) == Address(
        "info@mail.taro-mihon.jp", "mail.taro-mihon.jp", own=True
    )
    for shared in ("info@party.example", "info@sangiin.go.jp"):
        found = fitting(shared, LINKS)
        assert found is not None
        assert not found.own
    # Another politician's page is on the same host by now.
    found = fitting("info@taro-mihon.jp", [Link(OWN.url, shared=True)])
    assert found is not None
    assert not found.own


@pytest.mark.parametrize(
    "address",
    ["a@gmail.com", "a@note.com", "taro@x.com", "a@ameblo.jp", "a@docomo.ne.jp", "a@nottaro-mihon.jp", "a@taro-mihon.jp.evil.example", "a@jp",
     "a@co.jp", "a@example.com", "a@evil.example"],
)  # fmt: skip
def test_free_mail_shared_hosts_and_others_prove_nothing(address: str) -> None:
    assert fitting(address, LINKS) is None


@pytest.mark.parametrize(
    "typed",
    ["a@city.mihon.lg.jp.", "a@.city.mihon.lg.jp", "a@city..lg.jp", "a@сity.mihon.lg.jp", "a@city.mihon｡lg.jp", "a@xn--ity-hdd.lg.jp",
     "a@[127.0.0.1]", "a@127.0.0.1", '"a b"@city.mihon.lg.jp', "a@evil.example@city.mihon.lg.jp", "a%evil.example@city.mihon.lg.jp",
     "evil.example!a@city.mihon.lg.jp", "a@city.mihon.lg.jp,b@evil.example", "a@city.mihon.lg.jp\nBcc: b@evil.example", "a@city.mihon.lg.jp>",
     "a (b)@city.mihon.lg.jp", ".a@city.mihon.lg.jp", "a..b@city.mihon.lg.jp", "田中@city.mihon.lg.jp", "@city.mihon.lg.jp", "a@", "a",
     "", "a" * 65 + "@city.mihon.lg.jp", "a@-city.lg.jp", "a@city.lg.jp\x00", "a@city\u200b.lg.jp"],
)  # fmt: skip
def test_an_address_that_hides_where_it_leads_is_refused(typed: str) -> None:
    assert read_address(typed) is None
    assert fitting(typed, LINKS) is None


def test_full_width_signs_and_capitals_are_the_usual_ones() -> None:
    found = fitting(" Ｔａｒｏ＋ｘ＠City.Mihon.LG.jp ", [])
    assert found == Address("Taro+x@city.mihon.lg.jp", "city.mihon.lg.jp", own=False)
    assert found.mailbox == "taro@city.mihon.lg.jp"


@pytest.mark.parametrize(
    "url", ["https://[", "https://例え.jp/", "mailto:a@b", "https:///x", "https://lg.jp/", "https://co.jp/"]
)
def test_a_page_without_a_plain_host_vouches_for_nothing(url: str) -> None:
    links = [Link(url, shared=False)]
    assert fitting("a@co.jp", links) is None
    assert fitting("a@b.co.jp", links) is None
