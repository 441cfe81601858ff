"""Feedback on streams of v0.2, which is deprecated but still accepted."""

from datetime import datetime
from typing import Any

import pytest

from ovs_contracts.client.v02 import V02Client
from ovs_contracts.client.v02_errors import invalid
from ovs_contracts.runner.marks import documented, mock_only, needs
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.transport.exchange import hold

FIELDS = {"id", "stream_id", "rating", "category", "feedback", "created_at", "updated_at"}


@documented("v0.2 feedback: body and list")
@pytest.mark.parametrize("rating", [0, 10])
def test_feedback_is_listed(v02: V02Client, rating: int) -> None:
    """A rating from 0 to 10 with a category is stored and listed; the text is optional."""
    stream_id = v02.stream()
    given: dict[str, Any] = {"rating": rating, "category": "accuracy"}
    for body in (given, {**given, "feedback": "Counts well."}):
        taken = v02.feedback(stream_id, body).expect(200)
        hold("the body", expected={"status": "ok"}, seen=taken.json, exchange=taken)
    listed = v02.list_feedback().expect(200)
    ours = [entry for entry in listed.json if entry["stream_id"] == stream_id]
    expected = [{"stream_id": stream_id, **given, "feedback": text} for text in ("", "Counts well.")]
    shown = [{name: entry[name] for name in expected[0]} for entry in ours]
    hold("entries", expected=expected, seen=sorted(shown, key=lambda entry: entry["feedback"]), exchange=listed)
    for entry in ours:
        hold("the fields", expected=FIELDS, seen=set(entry), exchange=listed)
        assert datetime.fromisoformat(entry["created_at"]) <= datetime.fromisoformat(entry["updated_at"])
    hold("different ids", expected=len(ours), seen=len({entry["id"] for entry in ours}), exchange=listed)


@mock_only("whose feedback is listed is nowhere said; the mock shows everybody their own")
@needs(Capability.SECOND_KEY)
def test_feedback_of_others(v02: V02Client, other_key: str) -> None:
    """A user's feedback is listed to that user only."""
    stream_id = v02.stream()
    v02.feedback(stream_id, {"rating": 5, "category": "accuracy"}).expect(200)
    others = v02.list_feedback(key=other_key).expect(200)
    hold("entries", expected=[], seen=[e for e in others.json if e["stream_id"] == stream_id], exchange=others)


@documented("v0.2 feedback: 422")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rating": -1, "category": "accuracy"}, "rating"),
        ({"rating": 11, "category": "accuracy"}, "rating"),
        ({"rating": 5.5, "category": "accuracy"}, "rating"),
        ({"category": "accuracy"}, "rating"),
        ({"rating": 5, "category": ""}, "category"),
        ({"rating": 5}, "category"),
        ({"rating": 5, "category": "accuracy", "feedback": 7}, "feedback"),
        ({"rating": 5, "category": "accuracy", "colour": "blue"}, "colour"),
    ],
    ids=["below", "above", "no whole number", "no rating", "empty category", "no category", "no text", "a field more"],
)
def test_invalid_feedback(v02: V02Client, body: dict[str, Any], field: str) -> None:
    """A rating outside 0 to 10, a missing category and unknown fields are 422."""
    invalid(v02.feedback(v02.stream(), body), field, statuses=(422,))
