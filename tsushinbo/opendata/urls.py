"""Addresses for machines."""

from django.urls import path

from tsushinbo.opendata.views import feeds

app_name = "opendata"

urlpatterns = [
    path("feeds/pledges/", feeds.pledges, name="pledges-feed"),
    path("feeds/activities/", feeds.activities, name="activities-feed"),
    path("feeds/evidence/", feeds.evidence, name="evidence-feed"),
    path("feeds/politicians/<id:politician_id>/", feeds.politician, name="politician-feed"),
    path("feeds/areas/<str:code>/", feeds.area, name="area-feed"),
    path("feeds/search/", feeds.search, name="search-feed"),
]
