"""Addresses where ballots are cast."""

from django.urls import path

from tsushinbo.evaluations.views import ballots, drawing

app_name = "evaluations"

urlpatterns = [
    path("pledges/<id:pledge_id>/ballot/", ballots.ballot, name="ballot"),
    path("pledges/random/", drawing.random_pledge, name="random"),
]
