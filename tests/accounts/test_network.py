"""Where a request comes from, as coarsely as a rate limit needs it."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from tsushinbo.accounts.network import network_prefix


def prefix(remote: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return network_prefix(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers))


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_only_the_prefix_is_kept(address: str, kept: str) -> None:
    assert prefix(address) == kept


def test_without_proxies_of_our_own_the_header_is_not_believed(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 0
    assert prefix("203.0.113.77", "198.51.100.1") == "203.0.113.0/24"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "kept"),
    [
        (1, "198.51.100.1", "198.51.100.0/24"),
        # What the visitor wrote stands on the left of what our proxies saw.
        (1, "192.0.2.66, 198.51.100.1", "198.51.100.0/24"),
        (2, "192.0.2.66, 198.51.100.1, 10.0.0.1", "198.51.100.0/24"),
        (2, "198.51.100.1", "198.51.100.0/24"),
        (1, "2001:db8:9::1", "2001:db8:9::/48"),
        (1, "[2001:db8:9::1]:4711", "2001:db8:9::/48"),
        (1, "198.51.100.1:4711", "198.51.100.0/24"),
        (1, "unknown", "203.0.113.0/24"),
        (1, " , ", "203.0.113.0/24"),
        (1, None, "203.0.113.0/24"),
    ],
)
def test_the_visitor_is_who_spoke_to_our_outermost_proxy(
    settings: Settings, proxies: int, forwarded: str | None, kept: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert prefix("203.0.113.77", forwarded) == kept
