"""The table of forms that the attacks go through: complete, and each of its forms is taken as it stands."""

import pytest

from tests.hostile.forms import FORMS, WORDLESS
from tests.test_authorization import rows
from tests.world import World


def test_every_address_that_takes_a_form_is_in_the_table() -> None:
    ours = {name for method, name in rows() if method == "POST" and ":" in name}
    assert ours == {form.door for form in FORMS.values()} | WORDLESS


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_taken(world: World, name: str) -> None:
    """Otherwise an attack through it would prove nothing."""
    response = FORMS[name].send(world)
    assert response.status_code in {302, 303}, response.content.decode()[:3000]
    assert "/accounts/login/" not in response.headers["Location"]
