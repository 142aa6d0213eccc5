"""The verbs of people: allow, and what changes institutions, units, members and roles."""

from balai.people.services.institutions import (
    FIRST_ROLES,
    add_unit,
    dissolve_unit,
    edit_institution,
    found_institution,
)
from balai.people.services.keys import make_access_key, note_key_used, revoke_access_key
from balai.people.services.mandates import (
    accept_mandate,
    end_mandate,
    entrust,
    name_officer,
    release_officer,
    release_overdue,
)
from balai.people.services.members import add_member, invite_member, member_leaves, move_member
from balai.people.services.permission import NotAllowed, allow, refusal, refuse_same_person
from balai.people.services.roles import end_grant, grant_role, lend_role, revoke_delegation
from balai.people.services.sign_in import end_sessions, reset_sign_in, sign_in_link

__all__ = [
    "FIRST_ROLES",
    "NotAllowed",
    "accept_mandate",
    "add_member",
    "add_unit",
    "allow",
    "dissolve_unit",
    "edit_institution",
    "end_grant",
    "end_mandate",
    "end_sessions",
    "entrust",
    "found_institution",
    "grant_role",
    "invite_member",
    "lend_role",
    "make_access_key",
    "member_leaves",
    "move_member",
    "name_officer",
    "note_key_used",
    "refusal",
    "refuse_same_person",
    "release_officer",
    "release_overdue",
    "reset_sign_in",
    "revoke_access_key",
    "revoke_delegation",
    "sign_in_link",
]
