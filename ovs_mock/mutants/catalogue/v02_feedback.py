"""v0.2: feedback."""

from ovs_mock.engine.engine import Engine
from ovs_mock.engine.feedback import Feedback, FeedbackStore
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import FEEDBACK, FEEDBACK_LIST
from ovs_mock.mutants.edits import always, at, change, drop, wrapped
from ovs_mock.mutants.engines import edit_engine
from ovs_mock.mutants.requests import bodies, refused
from ovs_mock.mutants.responses import on

AREA = Area("v02/feedback")
FIELDS = {"rating", "category", "feedback"}


class OpenBox(FeedbackStore):
    """Everybody sees the feedback of all."""

    def for_key(self, key: str | None) -> list[Feedback]:
        self._state.accounts.authenticate(key)
        return list(self._entries)


def _open_box(engine: Engine) -> None:
    engine.feedback = OpenBox(engine.state)


MUTANTS = (
    AREA(
        "v02-rating-above-10-accepted",
        "ratings above 10 are accepted",
        message_filter=bodies(FEEDBACK, change("rating", lambda r: min(r, 10) if isinstance(r, int) else r)),
    ),
    AREA(
        "v02-rating-below-0-accepted",
        "ratings below 0 are accepted",
        message_filter=bodies(FEEDBACK, change("rating", lambda r: max(r, 0) if isinstance(r, int) else r)),
    ),
    AREA(
        "v02-rating-of-10-refused",
        "a rating of 10 is refused",
        message_filter=refused(FEEDBACK, "rating", when=lambda body: at(body, "rating") == 10),
    ),
    AREA(
        "v02-rating-of-0-refused",
        "a rating of 0 is refused",
        message_filter=refused(FEEDBACK, "rating", when=lambda body: at(body, "rating") == 0),
    ),
    AREA(
        "v02-rating-with-fraction-accepted",
        "ratings between whole numbers are accepted",
        message_filter=bodies(FEEDBACK, change("rating", lambda r: int(r) if isinstance(r, float) else r)),
    ),
    AREA(
        "v02-category-empty-accepted",
        "an empty category is accepted",
        message_filter=bodies(FEEDBACK, change("category", lambda c: c if c != "" else "none")),
    ),
    AREA(
        "v02-feedback-text-required",
        "feedback without a text is refused",
        message_filter=refused(FEEDBACK, "feedback", when=lambda body: at(body, "feedback") is None),
    ),
    AREA(
        "v02-feedback-with-more-accepted",
        "unknown fields of feedback are accepted",
        message_filter=bodies(FEEDBACK, lambda body: {k: v for k, v in body.items() if k in FIELDS}),
    ),
    AREA("v02-feedback-201", "giving feedback is 201", on(FEEDBACK, 200, to=201)),
    AREA("v02-feedback-lost", "the list of feedback is always empty", on(FEEDBACK_LIST, 200, always([]))),
    AREA("v02-feedback-of-everybody", "the list of feedback shows that of other users", engine=edit_engine(_open_box)),
    AREA(
        "v02-feedback-list-wrapped",
        "the list of feedback is an object with items",
        on(FEEDBACK_LIST, 200, wrapped("items")),
    ),
    AREA(
        "v02-feedback-without-stream",
        "the list of feedback does not say which stream it is about",
        on(FEEDBACK_LIST, 200, drop("*.stream_id")),
    ),
)
