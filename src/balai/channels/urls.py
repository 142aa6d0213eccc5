from django.urls import path

from balai.channels.views import connecting, console, hook

app_name = "channels"
urlpatterns = [
    path("hook/<str:address>/", hook.hook, name="hook"),
    path("kanal/", console.lines, name="list"),
    path("kanal/kiriman/", console.undecided, name="undecided"),
    path("kanal/parsel/", console.parcels, name="parcels"),
    path("kanal/parsel/<int:parcel_id>/", console.parcel, name="parcel"),
    path("kanal/parsel/<int:parcel_id>/unduh/", console.raw, name="raw"),
    path("kanal/logo/<slug:channel>.svg", connecting.logo, name="logo"),
    path("kanal/sambung/", connecting.choose, name="choose"),
    path("kanal/sambung/<slug:channel>/", connecting.open_line, name="open"),
    path("kanal/<int:connection_id>/perbarui/", connecting.renew, name="renew"),
    path("kanal/<int:connection_id>/<slug:deed>/", console.do, name="do"),
]
