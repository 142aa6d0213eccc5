"""The addresses of desk."""

from django.urls import path

from balai.desk.views import hooks, ruling, teams

app_name = "desk"
urlpatterns = [
    path("tim/", teams.teams, name="teams"),
    path("tim/baru/", teams.found, name="found"),
    path("tim/absen/", teams.absence, name="absence"),
    path("tim/absen/<int:absence_id>/tarik/", teams.withdraw_absence, name="withdraw_absence"),
    path("tim/pemberitahuan/", hooks.notices, name="notices"),
    path("tim/pemberitahuan/dibaca/", hooks.read_notices, name="read_notices"),
    path("tim/pesan-tutup/", ruling.away, name="away"),
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
    path("aturan/", ruling.rules, name="rules"),
    path("aturan/tulis/", ruling.write, name="write_rule"),
    path("aturan/<int:rule_id>/", ruling.rule, name="rule"),
    path("aturan/<int:rule_id>/ubah/", ruling.write, name="revise_rule"),
    path("aturan/<int:rule_id>/coba/", ruling.trial, name="trial"),
    path("aturan/<int:rule_id>/hidupkan/", ruling.switch_on, name="switch_on"),
    path("aturan/<int:rule_id>/matikan/", ruling.switch_off, name="switch_off"),
    path("aturan/<int:rule_id>/naik/", ruling.move_up, name="move_up"),
    path("aturan/<int:rule_id>/akhiri/", ruling.retire, name="retire_rule"),
    path("webhook/", hooks.hooks, name="hooks"),
    path("webhook/baru/", hooks.add, name="add_hook"),
    path("webhook/<int:endpoint_id>/", hooks.hook, name="hook"),
    path("webhook/<int:endpoint_id>/ubah/", hooks.edit, name="edit_hook"),
    path("webhook/<int:endpoint_id>/rahasia/", hooks.new_secret, name="new_secret"),
    path("webhook/<int:endpoint_id>/saklar/", hooks.switch, name="switch_hook"),
    path("webhook/<int:endpoint_id>/uji/", hooks.try_out, name="try_hook"),
    path("webhook/<int:endpoint_id>/hapus/", hooks.remove, name="remove_hook"),
    path("webhook/kirim-lagi/<int:delivery_id>/", hooks.again, name="send_again"),
]
