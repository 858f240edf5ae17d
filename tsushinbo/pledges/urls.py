"""Addresses where pledges are written, and where editors lay and weigh the evidence of how they stand."""

from django.urls import path

from tsushinbo.pledges.views import deciding, history, importing, own, proposing, writing

app_name = "pledges"

urlpatterns = [
    path("pledges/new/", writing.new, name="new"),
    path("pledges/mine/", own.mine, name="mine"),
    path("pledges/mine/<id:proposal_id>/withdraw/", own.withdraw, name="withdraw"),
    path("pledges/import/", importing.start, name="import"),
    path("pledges/import/<id:draft_id>/", importing.preview, name="import-preview"),
    path("pledges/<id:pledge_id>/edit/", writing.edit, name="edit"),
    path("pledges/<id:pledge_id>/revert/", history.revert, name="revert"),
    path("pledges/<id:pledge_id>/merged/", history.merged, name="merged"),
    path("pledges/<id:pledge_id>/evidence/new/", proposing.propose, name="propose-evidence"),
    path("pledges/<id:pledge_id>/status/undo/", deciding.undo, name="undo-status"),
    path("evidence/", deciding.desk, name="evidence"),
    path("evidence/<id:evidence_id>/", deciding.proposal, name="proposal"),
    path("evidence/<id:evidence_id>/confirm/", deciding.confirm, name="confirm-evidence"),
    path("evidence/<id:evidence_id>/reject/", deciding.reject, name="reject-evidence"),
]
