"""Who may do what: the permission matrix of domain 5.1 and 5.2 as data. No database, no Django.

It names actions on objects that exist in this version. An action that is not named here does not
exist: asking for it is a mistake of the programmer and raises UnknownAction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Held:
    """A role that a member has at a moment, by an own grant or lent by `lender_id`."""

    role: str
    unit_id: int | None  # the grant's unit; None: the whole institution
    home_id: int | None  # the unit of the member to whom the role was granted
    lender_id: int | None = None

    def own_root(self) -> int | None:
        """The unit under which "own" things lie: the grant's, else the holder's."""
        return self.unit_id or self.home_id


@dataclass(frozen=True)
class System:
    """An actor that is no person: the running machine, or the operator at the console."""

    name: str

    def __str__(self) -> str:
        return self.name


SYSTEM = System("system")
OPERATOR = System("operator")
DESK = System("desk")  # gives out work by load, in the order that people decided
RULE = System("rule")  # does what a rule says that people wrote and switched on


def _roles(names: str) -> frozenset[str]:
    return frozenset(names.split())


ROLES = _roles(
    "leader head_of_pr editor content_creator data_steward channel_admin responder "
    "case_coordinator case_officer crisis_lead fact_checker ppid_officer ppid_superior dpo "
    "facilitator finance_officer app_portfolio_officer auditor system_admin"
)

# Whoever manages members or audits an institution is answerable to it alone [D].
NEVER_ENTRUSTED = _roles("system_admin auditor")


class UnknownAction(LookupError):
    """The action is not in the matrix: a misspelling in code, never a user's doing."""


class Scope(StrEnum):
    """How far a role carries for one action."""

    NOWHERE = "nowhere"
    OWN = "own"  # domain 5.2 `o`: own objects, and those of the own unit and the units below it
    EVERYWHERE = "everywhere"  # the whole institution, or the unit that the grant names


@dataclass(frozen=True)
class Permission:
    """One row of the matrix: who may do it everywhere, and who only with what is their own."""

    everywhere: frozenset[str]
    own: frozenset[str] = frozenset()


_ANSWERING = _roles("responder case_coordinator crisis_lead")  # domain 5.2 Conversation: E
_OWN_UNIT = _roles("case_officer")  # domain 5.2 Conversation: E o

# Domain 5.2, row by row. Where the matrix has no column (ppid_superior, system_admin) or no row
# (member, calendar, institution), "all staff have V" and the narrowest choice that works hold [D].
PERMISSIONS: Mapping[str, Permission] = {
    "conversation.view": Permission(
        ROLES - _roles("data_steward finance_officer app_portfolio_officer case_officer"), _OWN_UNIT
    ),
    "conversation.triage": Permission(_ANSWERING, _OWN_UNIT),
    "conversation.answer": Permission(_ANSWERING, _OWN_UNIT),
    # A second pair of eyes on what leaves, where the office's own policy asks for one [D].
    "conversation.approve": Permission(_roles("head_of_pr case_coordinator crisis_lead")),
    # What the desk asks a unit is answered by whoever works there, whatever else they do [D].
    "question.answer": Permission(frozenset(), ROLES - _roles("auditor system_admin")),
    "conversation.enter": Permission(_ANSWERING | _OWN_UNIT),  # 5.2 Conversation: C
    "conversation.assign": Permission(_ANSWERING, _OWN_UNIT),
    "conversation.note": Permission(_ANSWERING, _OWN_UNIT),
    "conversation.close": Permission(_ANSWERING),  # X: not the case officer
    "conversation.seal": Permission(_roles("responder case_coordinator")),  # domain 5.4(2)
    "conversation.moderate": Permission(_ANSWERING, _roles("facilitator")),
    "conversation.restore": Permission(_roles("head_of_pr")),  # A(appeal): decider is not the actor
    "conversation.identity": Permission(_ANSWERING | _roles("dpo auditor"), _OWN_UNIT),
    # UU 27/2022: the data protection officer answers what people ask about their own data. Who
    # keeps a safe channel is named by the head; domain 5.1: never a system_admin, and an auditor
    # reads all but sealed bodies. The keeper's own row decides besides.
    "rights.handle": Permission(_roles("dpo")),
    "rights.hold": Permission(_roles("dpo leader")),
    "sealed.appoint": Permission(_roles("leader")),
    "sealed.keep": Permission(ROLES - _roles("system_admin auditor")),
    # Labels, shared views, teams and shifts: whoever answers for how the desk works [D].
    "desk.arrange": Permission(_roles("case_coordinator crisis_lead head_of_pr system_admin")),
    # What teams reach and how fast; of one person it is for that person and who leads them [D].
    "report.view": Permission(
        _roles("leader head_of_pr case_coordinator auditor dpo"), _roles("case_officer")
    ),
    "person_report.view": Permission(_roles("leader head_of_pr case_coordinator auditor dpo")),
    # Domain 5.2 has no row of its own: answers are written like content, approved like it [D].
    "article.view": Permission(ROLES),
    "article.write": Permission(
        _ANSWERING | _OWN_UNIT | _roles("editor head_of_pr content_creator ppid_officer")
    ),
    "article.approve": Permission(_roles("editor head_of_pr")),
    # Domain 5.2 Case. Whoever owns the unit works on its cases; the coordinator routes them.
    "case.view": Permission(
        ROLES - _roles("content_creator data_steward channel_admin system_admin")
    ),
    "case.open": Permission(_roles("responder case_coordinator crisis_lead")),
    "case.verify": Permission(_roles("case_coordinator")),
    "case.route": Permission(_roles("case_coordinator")),
    "case.work": Permission(_roles("case_coordinator"), _OWN_UNIT),
    "case.answer": Permission(_roles("case_coordinator"), _OWN_UNIT),
    "case.close": Permission(_roles("case_coordinator"), _OWN_UNIT),
    "case.decide": Permission(_roles("leader head_of_pr")),  # after two returns, after a dispute
    # Domain 5.2 Post.
    "post.view": Permission(ROLES),
    "post.write": Permission(
        _roles("editor content_creator data_steward leader head_of_pr fact_checker ppid_officer")
        | _roles("facilitator finance_officer app_portfolio_officer crisis_lead"),
        _OWN_UNIT,
    ),
    "post.approve": Permission(_roles("editor head_of_pr leader")),
    "post.publish": Permission(_roles("editor head_of_pr channel_admin")),
    "post.hold": Permission(_roles("editor head_of_pr crisis_lead")),
    "post.correct": Permission(_roles("editor head_of_pr")),
    "post.withdraw": Permission(_roles("head_of_pr")),
    # Domain 5.2 Survey/poll and 5.4(7).
    "survey.view": Permission(ROLES),
    "survey.write": Permission(_roles("editor data_steward facilitator"), _OWN_UNIT),
    "survey.review_method": Permission(_roles("data_steward")),
    "survey.review_privacy": Permission(_roles("dpo")),
    "survey.open": Permission(_roles("head_of_pr")),
    "survey.enter": Permission(_roles("data_steward facilitator responder"), _OWN_UNIT),
    "survey.validate": Permission(_roles("data_steward")),
    "survey.publish": Permission(_roles("head_of_pr")),
    # Domain 5.2 Readiness and 5.4(9): who owns a component answers for it, others attest.
    "readiness.view": Permission(ROLES),
    "readiness.plan": Permission(_roles("head_of_pr")),
    "readiness.assess": Permission(
        _roles("head_of_pr data_steward channel_admin responder crisis_lead fact_checker dpo")
        | _roles("ppid_officer facilitator finance_officer app_portfolio_officer case_coordinator")
        | _roles("editor"),
        _OWN_UNIT,
    ),
    "readiness.attest": Permission(_roles("auditor")),
    "readiness.sign": Permission(_roles("leader")),
    "readiness.publish": Permission(_roles("head_of_pr")),
    "account.view": Permission(ROLES),
    "account.request": Permission(_roles("channel_admin")),
    "account.approve": Permission(_roles("head_of_pr")),
    "account.edit": Permission(_roles("channel_admin")),
    "account.verify": Permission(_roles("channel_admin")),
    "account.retire": Permission(_roles("channel_admin")),
    # Whoever speaks on an account may ring the bell when it no longer is ours [D].
    "account.alarm": Permission(_roles("channel_admin head_of_pr editor responder crisis_lead")),
    "account.check": Permission(_roles("channel_admin")),
    "connection.manage": Permission(_roles("channel_admin")),
    "connection.view": Permission(
        _roles("channel_admin system_admin head_of_pr crisis_lead responder case_coordinator")
        | _roles("auditor")
    ),
    "parcel.view": Permission(_roles("channel_admin dpo auditor")),  # raw parcels name citizens
    "member.manage": Permission(_roles("system_admin")),
    "member.view": Permission(ROLES),
    "audit.view": Permission(_roles("dpo auditor")),
    "calendar.view": Permission(ROLES),
    "calendar.edit": Permission(_roles("system_admin head_of_pr case_coordinator")),
    "institution.view": Permission(ROLES),
    "institution.edit": Permission(_roles("system_admin")),
    "institution.found": Permission(frozenset()),  # before there is a member: the operator's
}
ACTIONS = frozenset(PERMISSIONS)

# What an access key may be given; it never reaches further than its member. Managing people,
# accounts, channels, secrets and identities is no scope: that is done by a person at the desk [D].
SCOPES: Mapping[str, frozenset[str]] = {
    "conversations.read": _roles("conversation.view"),
    "conversations.answer": _roles("conversation.view conversation.answer"),
    "conversations.assign": _roles("conversation.view conversation.assign"),
    "conversations.label": _roles("conversation.view conversation.triage"),
    "conversations.note": _roles("conversation.view conversation.note"),
    "accounts.read": _roles("account.view"),
    "articles.read": _roles("article.view"),
    "reports.read": _roles("report.view"),
}
TOKEN_PREFIX = "balai"  # noqa: S105 - the open part: secrets that leak are found by it


def actions_of(scopes: Iterable[str]) -> frozenset[str]:
    """Every action that these scopes let a program do. An unknown scope gives nothing."""
    return frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))


# What runs by itself: triage of low risk and silent confirmation (domain 5.4(2)), and the monthly
# check of accounts (domain 5.4(13)). Answers to citizens are a person's act.
MACHINE_ACTIONS: Mapping[str, frozenset[str]] = {
    SYSTEM.name: _roles("conversation.triage conversation.close account.check account.alarm"),
    DESK.name: _roles("conversation.assign"),
    RULE.name: _roles("conversation.triage conversation.assign"),
    OPERATOR.name: _roles(
        "institution.found institution.view institution.edit member.manage member.view "
        "calendar.view calendar.edit account.view account.request account.edit account.verify "
        "account.retire account.alarm account.check connection.manage connection.view audit.view"
    ),
}

# Domain 5.1: refused per object, not per person.
INCOMPATIBLE_PAIRS = frozenset(
    {
        ("author", "approver"),
        ("requester", "approver"),
        ("verifier", "second_verifier"),
        ("budget_proposer", "budget_approver"),
        ("assessor", "attestor"),
        ("case_handler", "appeal_decider"),
        ("moderator", "appeal_decider"),
        ("contract_owner", "deliverable_acceptor"),
    }
)


def scope_of(role: str, action: str) -> Scope:
    """How far `role` carries for `action`. Raises UnknownAction."""
    permission = permission_for(action)
    if role in permission.everywhere:
        return Scope.EVERYWHERE
    return Scope.OWN if role in permission.own else Scope.NOWHERE


def permission_for(action: str) -> Permission:
    """The row of the matrix. Raises UnknownAction."""
    try:
        return PERMISSIONS[action]
    except KeyError:
        raise UnknownAction(action) from None


def roles_that_may(action: str) -> frozenset[str]:
    """Every role that may do it, at least with what is their own. Raises UnknownAction."""
    permission = permission_for(action)
    return permission.everywhere | permission.own


def machine_may(actor: System, action: str) -> bool:
    """Whether the machine or the operator may do it. Raises UnknownAction."""
    permission_for(action)
    return action in MACHINE_ACTIONS.get(actor.name, frozenset())


def is_below(unit: int, root: int, parents: Mapping[int, int | None]) -> bool:
    """Whether `unit` is `root` or lies under it. `parents` maps every unit to the one above."""
    here: int | None = unit
    seen: set[int] = set()
    while here is not None and here not in seen:
        if here == root:
            return True
        seen.add(here)
        here = parents.get(here)
    return False


def tree_of(roots: Iterable[int], parents: Mapping[int, int | None]) -> frozenset[int]:
    """The units of `roots` and all units below them."""
    wanted = frozenset(roots)
    return wanted | {unit for unit in parents if any(is_below(unit, r, parents) for r in wanted)}
