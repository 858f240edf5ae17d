"""The page that says what is held back because of an election, from when to when, and why."""

from datetime import date, datetime, time

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.elections.models import Election
from tsushinbo.elections.phases import EARLIEST, LATEST, TOKYO
from tsushinbo.site.queries.mode import mode_page

WRONG = "日付は、2027-04-25 のように、年4桁-月-日で書いてください。"
FAR = f"{EARLIEST} から {LATEST} までの日付を書いてください。"


class DayForm(forms.Form):
    """The day to look at; none is now."""

    at = forms.DateField(required=False, input_formats=["%Y-%m-%d"], error_messages={"invalid": WRONG})

    def clean_at(self) -> date | None:
        """Refuse what no election of this law can be on."""
        day: date | None = self.cleaned_data["at"]
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(FAR)
        return day


@require_safe
@held_for_a_minute
def election_mode(request: HttpRequest, election_id: int) -> HttpResponse:
    """What is held back because of an election now, or at the beginning of the day in ``?at=``."""
    found = get_object_or_404(Election.objects.select_related("area"), pk=election_id)
    form = DayForm(request.GET)
    day = form.cleaned_data.get("at") if form.is_valid() else None
    at = datetime.combine(day, time(), TOKYO) if day else timezone.now()
    context = {
        "section": "elections",
        "crumbs": [
            ("選挙", reverse("site:elections")),
            (found.name, found.get_absolute_url()),
            ("選挙期間中の表示", None),
        ],
        "election": found,
        "form": form,
        "day": day,
        "typed": request.GET.get("at", ""),
        "data": mode_page(found, at),
    }
    return render(request, "site/election_mode.html", context)
