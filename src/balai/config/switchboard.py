"""Who hears what: the nervous system of the house on one page.

A fact that nobody hears has an empty line: it is in the log of announcements, and open pages of its
institution are told.
"""

from balai.analytics import reactions as analytics
from balai.cases import reactions as cases
from balai.cases.events import (
    CaseAnswered,
    CaseClosed,
    CaseMoved,
    CaseOpened,
    DeadlineMissed,
)
from balai.channels import reactions as channels
from balai.channels.events import (
    AnswerReturned,
    ConnectionBroke,
    ConnectionMended,
    DispatchSettled,
)
from balai.desk import reactions as desk
from balai.desk.events import ConversationEscalated
from balai.governance.events import CalendarChanged, TargetChanged
from balai.ground.services import Switchboard
from balai.inbox import reactions as inbox
from balai.inbox.events import (
    CitizenErased,
    ConsentMoved,
    ContactRearranged,
    ConversationAnswered,
    ConversationMoved,
    DeskArranged,
    HandOffMoved,
    MembersCalled,
    MessagesTakenIn,
    PromiseMoved,
    RightsRequestMoved,
)
from balai.library.events import ArticleMoved
from balai.people.events import (
    InstitutionFounded,
    MandateChanged,
    MemberJoined,
    MemberLeft,
    RolesChanged,
    UnitAdded,
    UnitDissolved,
)
from balai.publishing import reactions as publishing
from balai.publishing.events import HoldChanged, PostCorrected, PostGone, PostMoved
from balai.readiness.events import AssessmentMoved
from balai.registry.events import (
    AccountCompromised,
    AccountMoved,
    AccountRetired,
    FalseAccountReported,
    HandleChanged,
)
from balai.surveys import reactions as surveys
from balai.surveys.events import SurveyMoved

HEARD_BY: Switchboard = {
    # people
    InstitutionFounded: [],
    UnitAdded: [],
    UnitDissolved: [desk.note_dissolved],
    MemberJoined: [],
    MemberLeft: [inbox.release_work, desk.note_left, cases.release_work],
    RolesChanged: [],
    MandateChanged: [],
    # governance
    CalendarChanged: [inbox.note_calendar, cases.note_calendar],
    TargetChanged: [inbox.note_calendar, cases.note_calendar],
    # registry
    AccountMoved: [],
    AccountCompromised: [channels.stop_compromised],
    AccountRetired: [channels.stop_retired],
    HandleChanged: [],
    FalseAccountReported: [],
    # library
    ArticleMoved: [],
    # channels
    DispatchSettled: [inbox.note_dispatch, inbox.copy_by_mail, publishing.note_dispatch],
    AnswerReturned: [inbox.note_return],
    ConnectionBroke: [],
    ConnectionMended: [],
    # inbox
    MessagesTakenIn: [
        inbox.lock_what_was_added,
        inbox.note_reply_ends,
        analytics.count_messages,
        desk.note_taken_in,
        cases.note_words,
    ],
    ConversationMoved: [analytics.count_move, desk.note_moved],
    ConversationAnswered: [desk.note_answered],
    MembersCalled: [],
    DeskArranged: [],
    # desk
    ConversationEscalated: [desk.note_escalated],
    ContactRearranged: [],
    PromiseMoved: [],
    ConsentMoved: [],
    RightsRequestMoved: [],
    CitizenErased: [cases.forget_words, surveys.forget_words],
    HandOffMoved: [],
    # publishing
    PostMoved: [],
    PostCorrected: [],
    PostGone: [],
    HoldChanged: [],
    # cases
    CaseOpened: [],
    CaseMoved: [],
    CaseAnswered: [],
    CaseClosed: [
        lambda fact: surveys.ask_how_it_was(
            institution_id=fact.institution_id,
            unit_id=fact.unit_id,
            conversation_ids=fact.conversation_ids,
            matter=f"case:{fact.case_id}",
        )
    ],
    DeadlineMissed: [],
    # surveys
    SurveyMoved: [],
    # readiness
    AssessmentMoved: [],
}
