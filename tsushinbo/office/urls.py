"""Addresses of the politician's desk."""

from django.urls import path

from tsushinbo.office import views

app_name = "office"

urlpatterns = [
    path("office/", views.home, name="home"),
    path("office/<id:politician_id>/", views.politician, name="politician"),
    path("office/<id:politician_id>/team/", views.team, name="team"),
]
