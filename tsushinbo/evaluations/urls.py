"""Addresses where ballots are cast."""

from django.urls import path

from tsushinbo.evaluations import views

app_name = "evaluations"

urlpatterns = [
    path("pledges/<id:pledge_id>/ballot/", views.ballot, name="ballot"),
    path("pledges/random/", views.random_pledge, name="random"),
]
