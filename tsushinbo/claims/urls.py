"""Addresses of claims and of invitations."""

from django.urls import path

from tsushinbo.claims.views import claiming, deciding, joining

app_name = "claims"

urlpatterns = [
    path("accounts/claim/<id:politician_id>/", claiming.claim, name="claim"),
    path("accounts/invitation/<str:token>/", joining.invitation, name="invitation"),
    path("moderation/claims/", deciding.desk, name="desk"),
    path("moderation/claims/<id:claim_id>/", deciding.decide, name="decide"),
]
