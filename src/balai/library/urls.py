from django.urls import path

from balai.library import views

app_name = "library"
urlpatterns = [
    path("pustaka/", views.articles, name="articles"),
    path("pustaka/tulis/", views.propose, name="propose"),
    path("pustaka/<int:article_id>/", views.article, name="article"),
    path("pustaka/<int:article_id>/ubah/", views.revise, name="revise"),
    path("pustaka/<int:article_id>/setujui/", views.approve, name="approve"),
    path("pustaka/<int:article_id>/batalkan/", views.drop, name="drop"),
    path("pustaka/<int:article_id>/tinjau/", views.review, name="review"),
    path("pustaka/<int:article_id>/tarik/", views.retire, name="retire"),
]
