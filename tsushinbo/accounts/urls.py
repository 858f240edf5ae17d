"""Addresses of my page and its parts. The sign-up, the log-in and what belongs to them are allauth's (config/urls.py)."""

from django.urls import path

from tsushinbo.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.home, name="home"),
    path("profile/", views.profile, name="profile"),
    path("password/drop/", views.drop_password, name="drop-password"),
    path("sessions/", views.sessions, name="sessions"),
    path("export/", views.export, name="export"),
    path("delete/", views.delete, name="delete"),
]
