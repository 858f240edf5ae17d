"""Addresses of the desk, and of what writers read about decisions."""

from django.urls import path

from tsushinbo.moderation.views import appeals, desk, record, takedowns

app_name = "moderation"

urlpatterns = [
    path("moderation/", desk.desk, name="desk"),
    path("moderation/bulk/", desk.bulk, name="bulk"),
    path("moderation/text/<str:kind>/<int:number>/", desk.text, name="text"),
    path("moderation/text/<str:kind>/<int:number>/decide/", desk.decide, name="decide"),
    path("moderation/text/<str:kind>/<int:number>/ban/", desk.ban, name="ban"),
    path("moderation/appeals/", appeals.appeals, name="appeals"),
    path("moderation/appeals/<id:appeal_id>/", appeals.answer, name="answer"),
    path("moderation/bans/", record.bans, name="bans"),
    path("moderation/bans/<id:ban_id>/lift/", record.lift, name="lift-ban"),
    path("moderation/log/", record.log, name="log"),
    path("moderation/log.csv", record.log_csv, name="log-csv"),
    path("appeal/<str:kind>/<int:number>/", appeals.appeal, name="appeal"),
    path("moderation/takedowns/", takedowns.desk_takedowns, name="takedowns"),
    path("moderation/takedowns/<id:takedown_id>/", takedowns.desk_takedown, name="takedown-desk"),
    path("takedown/", takedowns.takedown, name="takedown"),
    path("takedown/answer/<id:takedown_id>/", takedowns.takedown_answer, name="takedown-answer"),
    path("takedown/<slug:receipt>/", takedowns.takedown_state, name="takedown-state"),
    path("accounts/ban/", appeals.own_ban, name="own-ban"),
]
