"""What is put together once in a process."""

import pytest
from django.template import Context, Engine, Template, TemplateSyntaxError

from tsushinbo.site.templatetags import frame

pytestmark = pytest.mark.any_database

ENGINE = Engine(
    libraries={"frame": "tsushinbo.site.templatetags.frame"}, builtins=["tsushinbo.site.templatetags.frame"]
)


def template(text: str) -> Template:
    return ENGINE.from_string(text)


def test_content_is_put_together_once() -> None:
    page = template("{% once %}<{{ word }}>{% endonce %}{{ word }}")
    assert page.render(Context({"word": "a"})) == "<a>a"
    assert page.render(Context({"word": "b"})) == "<a>b"


def test_content_is_put_together_once_for_each_value_of_a_name() -> None:
    page = template("{% once section %}{{ section }}{{ word }}{% endonce %}")
    words = [("home", "1"), ("about", "2"), ("home", "3"), ("about", "4")]
    rendered = [page.render(Context({"section": section, "word": word})) for section, word in words]
    assert rendered == ["home1", "about2", "home1", "about2"]


def test_a_page_without_the_name_has_content_of_its_own() -> None:
    page = template("{% once section %}[{{ section }}]{% endonce %}")
    assert page.render(Context({"section": "home"})) == "[home]"
    assert page.render(Context()) == "[]"


def test_not_more_values_are_kept_than_there_is_room_for() -> None:
    page = template("{% once name %}{{ word }}{% endonce %}")
    for number in range(frame.MOST):
        page.render(Context({"name": number, "word": "old"}))
    assert page.render(Context({"name": 0, "word": "new"})) == "old"
    assert page.render(Context({"name": "one more", "word": "new"})) == "new"
    assert page.render(Context({"name": 0, "word": "new"})) == "new"


@pytest.mark.parametrize("text", ["{% once a b %}{% endonce %}", "{% once %}{% block a %}{% endblock %}{% endonce %}"])
def test_what_could_not_hold_is_refused(text: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="once"):
        template(text)
