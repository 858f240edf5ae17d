"""Addresses of replies. What is answered is named by its kind and id."""

from django.urls import path

from tsushinbo.replies import views

app_name = "replies"

urlpatterns = [
    path("replies/<str:kind>/<id:target_id>/", views.reply, name="reply"),
]
