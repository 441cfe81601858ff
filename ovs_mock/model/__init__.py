"""The mock's vision model: it describes the decoded frames, unless a test scripts its replies."""

from ovs_mock.model.frame_view import FrameView
from ovs_mock.model.messages import ChatMessage, Media
from ovs_mock.model.question import Question
from ovs_mock.model.reply import Reply
from ovs_mock.model.schema_check import check_schema
from ovs_mock.model.scripted import ScriptedModel

__all__ = ["ChatMessage", "FrameView", "Media", "Question", "Reply", "ScriptedModel", "check_schema"]
