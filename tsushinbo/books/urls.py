"""Addresses of books."""

from django.urls import path, re_path

from tsushinbo.books.views import proposing, reading

app_name = "books"

urlpatterns = [
    path("books/", reading.books, name="books"),
    path("books/new/", proposing.propose, name="propose"),
    re_path(r"^books/(?P<isbn>97[89][0-9]{10})/$", reading.book, name="book"),
]
