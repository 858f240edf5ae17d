"""What the pages of politicians, pledges and reports show of books: they load it by its name."""

from django import template

from tsushinbo.books.queries import related_books

register = template.Library()

register.simple_tag(related_books)
