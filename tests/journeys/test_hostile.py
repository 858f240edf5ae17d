"""Script in everything that visitors write, in a real browser: nothing of it runs, and nothing of it even meets the Content Security Policy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.cast import Cast
from tests.hostile.test_unicode import MARKDOWN
from tests.journeys.conftest import Visitor
from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport
from tsushinbo.comments.models import Comment
from tsushinbo.evaluations.models import Assessment
from tsushinbo.people.models import Politician
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.browser
# Each would run by itself in a browser that took it for more than text.
SCRIPT = (
    "'\"></title></textarea></script><script>window.pwned=1</script><img src=x onerror=window.pwned=1><svg onload=window.pwned=1><style>*{color:red}</style>"
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe><base href=https://evil.example/><meta http-equiv=refresh content='0;url=https://evil.example/'>"
)  # fmt: skip
# Before anything of the page: what the policy refuses is noted.
LISTEN = "window.refused = []; document.addEventListener('securitypolicyviolation', (event) => window.refused.push(event.violatedDirective))"


@pytest.fixture
def defaced(site: Cast) -> Cast:
    """The cast with script wherever somebody could have written it."""
    at = site.pledge.changed_at
    User.objects.update(display_name="<img src=x onerror=pwned=1>"[:30])
    Politician.objects.filter(pk=site.member.pk).update(name=SCRIPT[:80])
    Pledge.objects.update(title=SCRIPT[:80], text=SCRIPT, source_title=SCRIPT[:200], deadline=SCRIPT[:200])
    Assessment.objects.update(comment=SCRIPT)
    body = f"{SCRIPT}\n\n" + "\n\n".join(MARKDOWN.values())
    ActivityReport.objects.update(title=SCRIPT[:80], body=body[:20_000], points=[SCRIPT[:100]])
    Comment.objects.create(report=site.report, nickname=SCRIPT[:30], body=SCRIPT, state="approved", made_at=at, submitted_at=at, writer=1)  # fmt: skip
    return site


def test_nothing_that_visitors_wrote_runs(visitor: Callable[..., Visitor], defaced: Cast) -> None:
    someone = visitor()
    someone.context.add_init_script(LISTEN)
    wanted = (
        "home", "report card", "politician's pledges", "pledges", "pledge", "activities", "activity", "politician's activities", "assessments", "rankings",
    )  # fmt: skip
    addresses = [
        *(defaced.pages[name] for name in wanted),
        f"/search/?q={SCRIPT[:80]}",
        f"/pledges/?order={SCRIPT[:40]}",
    ]
    for address in addresses:
        page = someone.go(address)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("window.pwned") is None, address
        assert page.evaluate("window.refused") == [], address
        assert page.url.startswith(someone.site), address
        page.close()
