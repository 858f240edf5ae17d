"""Addresses of the bell, of follows, and of the mails about them."""

from django.urls import path

from tsushinbo.notices import views

app_name = "notices"

urlpatterns = [
    path("follow/<str:subject>/<id:subject_id>/", views.follow, name="follow"),
    path("accounts/notices/", views.bell, name="bell"),
    path("accounts/notices/mail/", views.mail, name="mail"),
    path("accounts/notices/stop/<str:ticket>/", views.stop, name="stop"),
    path("accounts/follows/", views.follows, name="follows"),
]
