"""A claimant asks for a text to be taken down, without script, and follows what becomes of it."""

from collections.abc import Callable

from tests.cast import Cast
from tests.journeys.conftest import Visitor
from tsushinbo.moderation.models.takedowns import Takedown


def test_a_request_is_mended_sent_and_followed(visitor: Callable[..., Visitor], site: Cast) -> None:
    claimant = visitor(java_script_enabled=False)
    page = claimant.go("/contact/")
    page.get_by_role("link", name="削除を申し出る").click()
    page.get_by_label("対象のページ").fill("https://elsewhere.example/")
    page.get_by_label("対象の文章").fill("41か所を確かめました。")
    page.get_by_label("名誉・信用").check()
    page.get_by_label("侵害されたとする理由").fill("確かめていません。")
    page.get_by_label("お名前").first.fill("見本花子")
    page.get_by_label("返信先のメールアドレス").fill("hanako@example.jp")
    page.get_by_role("button", name="申し出る").click()
    page.get_by_role("alert").get_by_text("1か所を直してください").wait_for()
    assert page.get_by_label("侵害されたとする理由").input_value() == "確かめていません。"
    page.get_by_label("対象のページ").fill(site.report.get_absolute_url())
    page.get_by_role("button", name="申し出る").click()
    page.get_by_role("heading", name="申出の状況").wait_for()
    # Chromium notes the answer 422 as a fault of its own.
    claimant.faults[:] = [fault for fault in claimant.faults if "422" not in fault]
    made = Takedown.objects.get()
    assert page.url.endswith(f"/takedown/{made.receipt}/")
    page.get_by_text(made.receipt).wait_for()
