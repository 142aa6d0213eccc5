"""The addresses of publishing."""

from django.urls import path

from balai.publishing.views import board, feeds, item, public, writing

app_name = "publishing"
urlpatterns = [
    path("publikasi/", board.board, name="board"),
    path("publikasi/kalender/", board.calendar, name="calendar"),
    path("publikasi/kalender/<str:token>.ics", feeds.calendar_feed, name="calendar_feed"),
    path("publikasi/sasaran/", board.objectives, name="objectives"),
    path("publikasi/tahan/", board.hold, name="hold"),
    path("publikasi/tahan/akhiri/", board.end_hold, name="end_hold"),
    path("publikasi/tulis/", writing.write, name="write"),
    path("publikasi/tulis/lihat/", writing.look, name="look"),
    path("publikasi/versi/<int:variant_id>/", item.variant, name="variant"),
    path("publikasi/versi/<int:variant_id>/<slug:deed>/", item.deed, name="deed"),
    path("publikasi/ralat/<int:correction_id>/bukti/", item.corrected, name="corrected"),
    path("publikasi/gambar/<int:picture_id>/", item.picture, name="picture"),
    path("publikasi/gambar/<int:picture_id>/buang/", item.drop_picture, name="drop_picture"),
    path("publikasi/<int:item_id>/", item.item, name="item"),
    path("publikasi/<int:item_id>/ubah/", writing.rewrite, name="rewrite"),
    path("publikasi/<int:item_id>/serahkan/", item.submit, name="submit"),
    path("publikasi/<int:item_id>/gambar/", item.add_picture, name="add_picture"),
    path("publikasi/<int:item_id>/sekali-jalan/", item.one_step, name="one_step"),
    path("publikasi/<int:item_id>/tinjau/", item.review, name="review"),
    path("publikasi/<int:item_id>/ralat/", writing.correct, name="correct"),
    path("publikasi/<int:item_id>/tarik/", writing.withdraw, name="withdraw"),
    path("publikasi/<int:item_id>/arsip.json", item.archive, name="archive"),
    path("kabar/", public.nearest, name="news_here"),
    path("kabar/<slug:slug>/", public.news, name="news"),
    path("kabar/<slug:slug>/atom.xml", feeds.atom, name="atom"),
    path("kabar/<slug:slug>/feed.json", feeds.json_feed, name="json_feed"),
    path("kabar/<slug:slug>/topik/<slug:topic>/", public.news, name="topic"),
    path("kabar/<slug:slug>/topik/<slug:topic>/atom.xml", feeds.atom, name="topic_atom"),
    path("kabar/<slug:slug>/topik/<slug:topic>/feed.json", feeds.json_feed, name="topic_json"),
    path("kabar/<slug:slug>/<int:item_id>/", public.story, name="story"),
    path(
        "kabar/<slug:slug>/<int:item_id>/gambar/<str:sha256>/",
        public.picture,
        name="story_picture",
    ),
    path("ralat/", public.nearest_corrections, name="corrections_here"),
    path("ralat/<slug:slug>/", public.corrections, name="corrections"),
]
