"""Addresses of surveys."""

from django.urls import path

from tsushinbo.surveys.views import answering, editing, reading, results

app_name = "surveys"

urlpatterns = [
    path("surveys/", reading.surveys, name="surveys"),
    path("surveys/new/", editing.new, name="new"),
    path("surveys/editing/", editing.own, name="editing"),
    path("surveys/<id:survey_id>/", reading.survey, name="survey"),
    path("surveys/<id:survey_id>/answer/", answering.answer, name="answer"),
    path("surveys/<id:survey_id>/texts/<int:number>/", results.texts, name="texts"),
    path("surveys/<id:survey_id>/results.csv", results.as_csv, name="csv"),
    path("surveys/<id:survey_id>/edit/", editing.edit, name="edit"),
    path("embed/surveys/<id:survey_id>/", results.embed, name="embed"),
]
