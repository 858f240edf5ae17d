"""Addresses of the rankings."""

from django.urls import path

from tsushinbo.rankings import views

app_name = "rankings"

urlpatterns = [
    path("rankings/", views.rankings, name="rankings"),
    path("rankings/popular-activities/", views.popular_activities, name="popular-activities"),
    path("rankings/<slug:kind>/", views.ranking, name="ranking"),
    path("rankings/<slug:kind>/unranked/", views.unranked, name="unranked"),
]
