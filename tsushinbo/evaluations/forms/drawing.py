"""What the random draw is narrowed to."""

from typing import Any

from django import forms
from django.http import QueryDict

from tsushinbo import addresses
from tsushinbo.evaluations.queries import DrawFilter
from tsushinbo.people.models import Office
from tsushinbo.people.queries import prefectures
from tsushinbo.pledges.queries import policy_areas

# So many of the pledges passed over are remembered, in the address; older ones may come again.
SKIPS = 20


class DrawForm(forms.Form):
    """What the random draw is narrowed to, from the query string. What is not understood is left out and named."""

    topic = forms.ChoiceField(label="政策分野", required=False)
    area = forms.ChoiceField(label="都道府県", required=False)
    office = forms.ChoiceField(label="職", required=False, choices=[("", "すべて"), *Office.choices])

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self._offer("topic", [("", "すべて"), *policy_areas().values_list("code", "name")])
        self._offer("area", [("", "全国"), *prefectures().values_list("code", "name")])
        self.is_valid()

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    @property
    def wanted(self) -> DrawFilter:
        """The filter as the draw takes it."""
        return DrawFilter(**{name: self.cleaned_data.get(name) or None for name in self.fields})

    @property
    def refused(self) -> list[str]:
        """The labels of what could not be read."""
        return [str(self.fields[name].label) for name in self.errors]

    @property
    def skipped(self) -> list[int]:
        """The pledges passed over last, the oldest first."""
        numbers: list[int] = []
        for text in self._sent("skip"):
            try:
                numbers.append(addresses.decode(text))
            except ValueError:
                continue
        return numbers[-SKIPS:]

    def address_after(self, skipped: list[int]) -> str:
        """The query string that draws on with the same filter, passing over ``skipped``."""
        query = QueryDict(mutable=True)
        for name in self.fields:
            if value := self.cleaned_data.get(name):
                query[name] = value
        if skipped:
            query.setlist("skip", [addresses.encode(number) for number in skipped[-SKIPS:]])
        return f"?{query.urlencode()}" if query else ""

    def _sent(self, name: str) -> list[Any]:
        assert isinstance(self.data, QueryDict)  # noqa: S101 - the view gives request.GET
        return self.data.getlist(name)
