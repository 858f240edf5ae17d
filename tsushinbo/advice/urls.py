"""Addresses of voting advice."""

from django.urls import path

from tsushinbo.advice.views import answering, desk, public

app_name = "advice"

urlpatterns = [
    path("matching/", public.index, name="index"),
    path("matching/method/", public.method, name="method"),
    path("matching/desk/", desk.index, name="desk"),
    path("matching/desk/<id:questionnaire_id>/", desk.questionnaire, name="edit"),
    path("matching/desk/<id:questionnaire_id>/<int:number>/", desk.statement, name="statement"),
    path("matching/desk/<id:questionnaire_id>/people/", desk.people, name="people"),
    path("matching/desk/<id:questionnaire_id>/people/<id:politician_id>/", answering.copy, name="copy"),
    path("matching/<id:questionnaire_id>/", public.match, name="match"),
    path("matching/<id:questionnaire_id>/result/", public.result, name="result"),
    path("matching/<id:questionnaire_id>/history/", public.history, name="history"),
    path("matching/<id:questionnaire_id>/answer/<id:politician_id>/", answering.answer, name="answer"),
]
