"""Addresses where pledges and reports are judged."""

from django.urls import path

from tsushinbo.evaluations.views import assessments, ballots, drawing, merging, own, reactions

app_name = "evaluations"

urlpatterns = [
    path("pledges/<id:pledge_id>/ballot/", ballots.ballot, name="ballot"),
    path("pledges/<id:pledge_id>/assessments/", assessments.assessments, name="assessments"),
    path("pledges/<id:pledge_id>/assessments/new/", assessments.assess, name="assess"),
    path("pledges/<id:pledge_id>/assessments/withdraw/", assessments.withdraw, name="withdraw-assessment"),
    path("pledges/<id:pledge_id>/merge/", merging.merge, name="merge"),
    path("activities/<id:report_id>/reaction/", reactions.reaction, name="reaction"),
    path("accounts/ballots/", own.ballots, name="own-ballots"),
    path("accounts/assessments/", own.assessments, name="own-assessments"),
    path("pledges/random/", drawing.random_pledge, name="random"),
]
