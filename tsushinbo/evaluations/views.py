from tsushinbo.site.views.pages import _stub

ballot = random_pledge = search = _stub
