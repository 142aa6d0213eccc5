"""The addresses of desk."""

from django.urls import path

from balai.desk.views import teams

app_name = "desk"
urlpatterns = [
    path("tim/", teams.teams, name="teams"),
    path("tim/baru/", teams.found, name="found"),
    path("tim/absen/", teams.absence, name="absence"),
    path("tim/absen/<int:absence_id>/tarik/", teams.withdraw_absence, name="withdraw_absence"),
    path("tim/pengaturan/", teams.arrange, name="arrange"),
    path("tim/pengaturan/simpan/", teams.setting, name="setting"),
    path("tim/kapasitas/<int:member_id>/", teams.capacity, name="capacity"),
    path("tim/serah-terima/<int:note_id>/dibaca/", teams.read_hand_over, name="read_hand_over"),
    path("tim/giliran/<int:shift_id>/tanggal/", teams.change, name="change"),
    path("tim/giliran/<int:shift_id>/akhiri/", teams.retire_shift, name="retire_shift"),
    path("tim/<int:team_id>/", teams.team, name="team"),
    path("tim/<int:team_id>/ubah/", teams.edit, name="edit"),
    path("tim/<int:team_id>/akhiri/", teams.retire, name="retire"),
    path("tim/<int:team_id>/bagi/", teams.give_out, name="give_out"),
    path("tim/<int:team_id>/serah-terima/", teams.hand_over, name="hand_over"),
    path("tim/<int:team_id>/giliran/", teams.shift, name="shift"),
    path("tim/<int:team_id>/giliran/<int:shift_id>/", teams.shift, name="edit_shift"),
]
