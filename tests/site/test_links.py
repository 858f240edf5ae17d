"""Every link of every page leads somewhere."""

from urllib.parse import urldefrag, urljoin

from django.test import Client

from tests.cast import Cast
from tests.outline import Outline
from tests.pledges.factories import PledgeFactory

# Longer than any real chain of clicks; the crawl must end by itself.
MOST = 1000


def test_every_link_leads_to_a_page_and_every_fragment_to_its_place(client: Client, cast: Cast) -> None:
    for number in range(40):
        PledgeFactory(politician=cast.member, policy_area=cast.pledge.policy_area, title=f"公約その{number}")
    waiting, seen, outlines = ["/"], {"/"}, dict[str, Outline]()
    fragments: set[tuple[str, str, str]] = set()
    while waiting and len(seen) < MOST:
        page = waiting.pop()
        # What needs an account leads to the page where one logs in.
        response = client.get(page, follow=True)
        if response.status_code == 302:
            # What is open to members only leads to the log-in, which is looked at once.
            login = response.headers["Location"].partition("?")[0]
            if login not in seen:
                seen.add(login)
                waiting.append(login)
            continue
        assert response.status_code == 200, page
        outlines[page] = Outline(response.content.decode())
        for link in outlines[page].anchors:
            address, fragment = urldefrag(urljoin(f"http://testserver{page}", link))
            if not address.startswith("http://testserver/"):
                assert address.startswith(("https://", "mailto:")), link
                continue
            target = address.removeprefix("http://testserver")
            if "?next=" in target:  # one log-in, wherever it leads on to
                target = target.partition("?")[0]
            if fragment:
                fragments.add((page, target, fragment))
            # A filter or a draw leads on without end: one step of each is enough.
            if target not in seen and not ("?" in page and "?" in target):
                seen.add(target)
                waiting.append(target)
    assert not waiting, "the crawl has no end"
    # Who is compared is chosen in a form, which nobody follows as a link.
    assert seen >= set(cast.pages.values()) - {cast.pages["comparison"]}
    for page, target, fragment in fragments:
        if target in outlines:
            assert fragment in outlines[target].ids, f"{page} links to {target}#{fragment}"
