"""Addresses where editors lay and weigh the evidence of how a pledge stands."""

from django.urls import path

from tsushinbo.pledges.views import deciding, proposing

app_name = "pledges"

urlpatterns = [
    path("pledges/<id:pledge_id>/evidence/new/", proposing.propose, name="propose-evidence"),
    path("pledges/<id:pledge_id>/status/undo/", deciding.undo, name="undo-status"),
    path("evidence/", deciding.desk, name="evidence"),
    path("evidence/<id:evidence_id>/", deciding.proposal, name="proposal"),
    path("evidence/<id:evidence_id>/confirm/", deciding.confirm, name="confirm-evidence"),
    path("evidence/<id:evidence_id>/reject/", deciding.reject, name="reject-evidence"),
]
