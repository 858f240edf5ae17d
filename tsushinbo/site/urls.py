"""Addresses of the pages that gather several rooms."""

from django.urls import path

from tsushinbo.site.views import pages

app_name = "site"

urlpatterns = [
    path("", pages.home, name="home"),
    path("politicians/", pages.politicians, name="politicians"),
    path("politicians/<id:politician_id>/", pages.politician, name="politician"),
    path("politicians/<id:politician_id>/pledges/", pages.politician_pledges, name="politician-pledges"),
    path("parties/", pages.parties, name="parties"),
    path("parties/<id:party_id>/", pages.party, name="party"),
    path("areas/", pages.areas, name="areas"),
    path("areas/<str:code>/", pages.area, name="area"),
    path("pledges/", pages.pledges, name="pledges"),
    path("pledges/<id:pledge_id>/", pages.pledge, name="pledge"),
    path("about/", pages.about, name="about"),
    path("healthz", pages.healthz, name="healthz"),
]
