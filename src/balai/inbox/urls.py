from django.urls import path

from balai.inbox.views import conversation, deeds, files, letterbox, queue, status

app_name = "inbox"
urlpatterns = [
    path("kotak-masuk/", queue.queue, name="queue"),
    path("kotak-masuk/baris/", queue.rows, name="rows"),
    path("kotak-masuk/berkas/<int:attachment_id>/", files.attachment, name="attachment"),
    path("kotak-masuk/<int:conversation_id>/", conversation.conversation, name="conversation"),
    path("kotak-masuk/<int:conversation_id>/bagian/", conversation.part, name="part"),
    path("kotak-masuk/<int:conversation_id>/berikutnya/", queue.following, name="following"),
    path("kotak-masuk/<int:conversation_id>/jawab/", deeds.answer, name="answer"),
    path("kotak-masuk/<int:conversation_id>/identitas/", deeds.identity, name="identity"),
    path(
        "kotak-masuk/<int:conversation_id>/jawaban/<int:message_id>/batal/",
        deeds.undo,
        name="undo",
    ),
    path(
        "kotak-masuk/<int:conversation_id>/jawaban/<int:message_id>/pastikan/",
        deeds.settle,
        name="settle",
    ),
    path("kotak-masuk/<int:conversation_id>/<slug:deed>/", deeds.do, name="do"),
    path("kotak-masuk/pesan/<int:message_id>/", queue.of_message, name="message"),
    path("tulis/", letterbox.nearest, name="write_here"),
    path("tulis/<slug:slug>/", letterbox.write, name="write"),
    path("status/<str:receipt>/", status.status, name="status"),
]
