"""Addresses where members propose about people."""

from django.urls import path

from tsushinbo.people.views import correcting, missing, own

app_name = "people"

urlpatterns = [
    path("politicians/new/", missing.new, name="new"),
    path("politicians/proposals/", own.mine, name="mine"),
    path("politicians/proposals/<id:proposal_id>/withdraw/", own.withdraw, name="withdraw"),
    path("politicians/<id:politician_id>/corrections/", correcting.corrections, name="corrections"),
]
