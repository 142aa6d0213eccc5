"""The addresses of cases."""

from django.urls import path

from balai.cases.views import lists, one, opening, tracking

app_name = "cases"
urlpatterns = [
    path("perkara/", lists.cases, name="list"),
    path("perkara/beban/", lists.load, name="load"),
    path("perkara/pemberitahuan/<int:notice_id>/", lists.seen, name="seen"),
    path("perkara/dari/<int:conversation_id>/", opening.of_conversation, name="of_conversation"),
    path("perkara/dari/<int:conversation_id>/gabung/", opening.join, name="join"),
    path("perkara/<int:case_id>/", one.case, name="case"),
    path("perkara/<int:case_id>/berkas/", one.on_paper, name="file"),
    path("perkara/<int:case_id>/<slug:deed>/", one.do, name="do"),
    path("lacak/<str:receipt>/", tracking.track, name="track"),
]
