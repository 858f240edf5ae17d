"""My page (マイページ) and its parts."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo.accounts import membership, queries
from tsushinbo.accounts.access import member_of
from tsushinbo.accounts.forms import CloseAccountForm, ProfileForm
from tsushinbo.errors import RuleBroken


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My page, or the choice between logging in and signing up."""
    if not request.user.is_authenticated:
        return render(request, "accounts/welcome.html")
    return render(request, "accounts/home.html", {"overview": queries.overview(member_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """What others see of a member."""
    member = member_of(request)
    form = ProfileForm(request.POST or None, member=member, initial={"display_name": member.display_name})
    if request.method == "POST" and form.is_valid():
        membership.rename(user=member, **form.cleaned_data)
        messages.success(request, "プロフィールを保存しました。")
        return HttpResponseRedirect(reverse("accounts:home"))
    return render(request, "accounts/profile.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def drop_password(request: HttpRequest) -> HttpResponse:
    """Go on without a password, for who has a passkey that opens the door alone."""
    member = member_of(request)
    if request.method == "POST":
        try:
            membership.drop_password(user=member, spare=request.session.session_key)
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
        else:
            update_session_auth_hash(request, member)
            messages.success(request, "パスワードを消しました。次からは、パスキーでログインしてください。")
        return HttpResponseRedirect(reverse("accounts:home"))
    return render(request, "accounts/drop_password.html")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Where a member is logged in, each to be ended."""
    member, here = member_of(request), request.session.session_key
    if request.method == "POST":
        which = request.POST.get("session", "")
        if which == "others" or which.isdecimal():
            ended = membership.end_sessions(
                user_id=member.pk, only=int(which) if which.isdecimal() else None, spare=here
            )
            messages.success(request, f"{ended}件の端末からログアウトしました。")
        return HttpResponseRedirect(reverse("accounts:sessions"))
    rows = [
        (row, queries.device_name(row.user_agent), row.session_key == here) for row in queries.open_sessions(member)
    ]
    return render(request, "accounts/sessions.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def export(request: HttpRequest) -> HttpResponse:
    """Everything the site keeps about a member, as a file."""
    if request.method != "POST":
        return render(request, "accounts/export.html")
    response = JsonResponse(
        queries.exported(member_of(request)), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response.headers["Content-Disposition"] = f'attachment; filename="tsushinbo-{timezone.localdate():%Y%m%d}.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def delete(request: HttpRequest) -> HttpResponse:
    """Close an account."""
    form = CloseAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        member = member_of(request)
        logout(request)
        membership.close_account(user=member, keep=form.cleaned_data["comments"] == CloseAccountForm.KEEP)
        messages.success(request, "アカウントを削除しました。ご利用ありがとうございました。")
        return HttpResponseRedirect(reverse("accounts:home"))
    return render(request, "accounts/delete.html", {"form": form})
