"""Where a request comes from, as coarsely as a rate limit needs it: the network prefix, never the whole address."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# One household or office usually holds a whole /48 of IPv6; of IPv4 a /24 blurs single addresses.
BITS_KEPT = {4: 24, 6: 48}
UNKNOWN = "unknown"


def network_prefix(request: HttpRequest) -> str:
    """Return the prefix of the visitor's network, e.g. ``203.0.113.0/24`` or ``2001:db8:1::/48``; ``unknown`` without an address."""
    address = client_address(request)
    if address is None:
        return UNKNOWN
    return str(ip_network((address, BITS_KEPT[address.version]), strict=False))


def client_address(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """Return the visitor's address, or that of the nearest proxy not of our own.

    Each of our settings.TRUSTED_PROXIES appends to X-Forwarded-For who spoke to it, so that many entries from the right are true and the
    leftmost of them is the visitor. What stands further left was written by the visitor and is not believed.
    """
    told = [entry.strip() for entry in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if entry.strip()]
    trusted = told[-settings.TRUSTED_PROXIES :] if settings.TRUSTED_PROXIES else []
    for text in (*trusted[:1], request.META.get("REMOTE_ADDR", "")):
        if (address := _parse(text)) is not None:
            return address
    return None


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address as proxies write it: bare, ``[v6]``, ``[v6]:port`` or ``v4:port``; an IPv4 address inside IPv6 is the IPv4 one."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
