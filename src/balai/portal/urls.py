"""The addresses of portal."""

from django.urls import path

from balai.portal.views import accounts, data, embedding, front

app_name = "portal"
urlpatterns = [
    path("publik/<slug:slug>/", front.home, name="home"),
    path("tanya-jawab/", front.articles, name="articles_here"),
    path("tanya-jawab/<slug:slug>/", front.articles, name="articles"),
    path("api/v1/verify", accounts.verify_for_machines, name="verify"),
    path("cek-akun/", accounts.check, name="check"),
    path("cek-akun/lapor/", accounts.report, name="report"),
    path("cek-akun/skema.json", accounts.list_schema, name="list_schema"),
    path(".well-known/official-accounts.json", accounts.signed_list, name="signed_list"),
    path(".well-known/balai-signing-key.pem", accounts.signing_key, name="signing_key"),
    path("data/", data.catalogue, name="data_here"),
    path("data/<slug:slug>/", data.catalogue, name="data"),
    path("data/<slug:slug>/katalog.jsonld", data.dcat, name="dcat"),
    path("data/<slug:slug>/<slug:name>/", data.series, name="series"),
    path("data/<slug:slug>/<slug:name>.<slug:ending>", data.series_file, name="series_file"),
    path("sisip/", embedding.snippets, name="embed_here"),
    path("sisip/<slug:slug>/", embedding.snippets, name="embed"),
    path("sisip/<slug:slug>/angka/", embedding.numbers, name="frame_numbers"),
    path("sisip/<slug:slug>/tulis/", embedding.letter, name="frame_letter"),
]
