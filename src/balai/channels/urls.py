from django.urls import path

from balai.channels import views

app_name = "channels"
urlpatterns = [path("hook/<str:address>/", views.hook, name="hook")]
