"""How the tests ask for a page."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tsushinbo.elections.queries import mode
from tsushinbo.evaluations.queries import runs
from tsushinbo.rankings import queries as rankings
from tsushinbo.site.queries import ratings, totals
from tsushinbo.surveys.queries import candidates


def html(client: Client, address: str, **params: str) -> str:
    """The page, which must be there, with white space as the browser shows it."""
    response = client.get(address, params)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def queries(client: Client, address: str) -> int:
    """How many queries a page takes in a process that has just started."""
    runs.forget()
    totals.forget()
    ratings.forget()
    rankings.forget()
    mode.forget()
    candidates.forget()
    with CaptureQueriesContext(connection) as taken:
        assert client.get(address).status_code == 200
    return len(taken)
