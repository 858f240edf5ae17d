"""Addresses of the pages that gather several rooms."""

from django.urls import path

from tsushinbo.site.views import (
    areas,
    comparing,
    constituencies,
    districts,
    elections,
    home,
    manifesto,
    methodology,
    mode,
    ops,
    papers,
    parties,
    pledges,
    politicians,
    scores,
    transparency,
)

app_name = "site"

urlpatterns = [
    path("", home.home, name="home"),
    path("politicians/", politicians.politicians, name="politicians"),
    path("politicians/<id:politician_id>/", politicians.politician, name="politician"),
    path("politicians/<id:politician_id>/pledges/", politicians.politician_pledges, name="politician-pledges"),
    path("politicians/<id:politician_id>/score.json", scores.politician_score, name="politician-score"),
    path("parties/", parties.parties, name="parties"),
    path("parties/<id:party_id>/", parties.party, name="party"),
    path("parties/<id:party_id>/score.json", scores.party_score, name="party-score"),
    path("areas/", areas.areas, name="areas"),
    path("areas/<str:code>/", areas.area, name="area"),
    path("constituencies/<id:constituency_id>/", constituencies.constituency, name="constituency"),
    path("elections/", elections.elections, name="elections"),
    path("elections/district/", districts.district, name="district"),
    path("elections/compare/", comparing.comparison, name="compare"),
    path("elections/calendar.ics", elections.elections_calendar, name="elections-calendar"),
    path("elections/<id:election_id>/", elections.election, name="election"),
    path("elections/<id:election_id>/mode/", mode.election_mode, name="election-mode"),
    path("elections/<id:election_id>/manifesto/", manifesto.election_manifesto, name="manifesto"),
    path("elections/<id:election_id>/<id:contest_id>/", elections.contest, name="contest"),
    path("pledges/", pledges.pledges, name="pledges"),
    path("pledges/<id:pledge_id>/", pledges.pledge, name="pledge"),
    path("methodology/", methodology.methodology, name="methodology"),
    path("transparency/", transparency.transparency, name="transparency"),
    path("transparency.csv", transparency.transparency_csv, name="transparency-csv"),
    path("terms/", papers.terms, name="terms"),
    path("privacy/", papers.privacy, name="privacy"),
    path("contact/", papers.contact, name="contact"),
    path("about/", home.about, name="about"),
    path("healthz", ops.healthz, name="healthz"),
    path("readyz", ops.readyz, name="readyz"),
]
