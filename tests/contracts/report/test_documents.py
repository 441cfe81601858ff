"""The report in its four forms."""

import json
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from ovs_contracts.report import files, junit, markdown, page
from ovs_contracts.report.encode import redacted_json, redacted_text, reported_call, value_text
from ovs_contracts.report.model import SCHEMA_VERSION, CheckResult, check_from_json, to_json
from ovs_support.exchanges import exchange
from ovs_support.reports import CHECKS, EVERYTHING, check, report

VOID = {"meta", "input", "br", "hr", "link", "img"}


class Outline(HTMLParser):
    """Tags that are closed as they were opened, and everything that points elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elsewhere: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.elsewhere += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href", "action")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def outline(html: str) -> Outline:
    read = Outline()
    read.feed(html)
    assert read.open == []
    return read


def test_the_page_needs_nothing_else_and_takes_nothing_for_markup() -> None:
    html = page.document(EVERYTHING)
    read = outline(html)
    assert read.elsewhere == []
    assert "http" not in html.partition("<body>")[0].replace("http-equiv", ""), "neither does its style"
    text = "".join(read.texts)
    for words in ("A <new> stream | is *201*.", "201", '"id": "<b>1</b>"', "Calls of this check (2)", "waits too long"):
        assert words in text
    assert text.index("Drifted") < text.index("Open questions") < text.index("Could not be checked")


def test_every_check_stands_on_the_page_once_or_per_answer() -> None:
    html = page.document(EVERYTHING)
    assert html.count('class="check') == len(CHECKS) + 1
    assert 'id="outcome-drifted"' in html
    assert 'main:has(#area-v02:checked) .check:not([data-area="v02"])' in html


def test_an_empty_report_is_a_page_too() -> None:
    text = "".join(outline(page.document(report())).texts)
    assert "Could not check: nothing was checked" in text


def test_markdown_shows_texts_as_they_are() -> None:
    text = markdown.document(EVERYTHING)
    assert text.startswith("# 2 claims drifted; and the run was interrupted\n")
    assert "### A \\<new\\> stream | is \\*201\\*." in text
    assert "- seen: `` 200 | `tick` ``" in text
    assert "````\nassert 1 == 2\n```\n````" in text, "a fence is longer than any inside"
    assert '| 2 | The claim of question. | `{"a": "<i>"}` | `{"a": null}` |' in text
    assert (
        "<summary>1: waits too long</summary>\n\n- The claim of wait. [a-b] (61 s)".replace("[", "\\[").replace(
            "]", "\\]"
        )
        in text
    )
    assert "| The claim of again. | 503 from GET /v1/models | holds |" in text
    assert "> Streams of earlier runs: ended 1" in text


def test_junit_counts_what_it_holds() -> None:
    root = ET.fromstring(junit.document(EVERYTHING))  # noqa: S314 - our own
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["probes", "v02", "v1", "the run"]
    assert [suites["v1"].get(name) for name in ("tests", "failures", "skipped", "errors")] == ["4", "1", "1", "0"]
    failure = suites["v1"].find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "the status"
    assert "curl -i" in (failure.text or "")
    assert "the run was interrupted" not in [case.get("name") for case in suites["v1"]]
    assert root.findall(".//error")[0].get("message") == "the run was interrupted"
    assert ET.fromstring(junit.document(report(check("one")))).findall(".//error") == []  # noqa: S314


def test_json_is_the_model_with_its_version(tmp_path: Path) -> None:
    written = files.write(EVERYTHING, tmp_path / "new" / "folder")
    assert [path.name for path in written] == ["report.html", "report.md", "report.json", "report.xml"]
    read = json.loads((tmp_path / "new" / "folder" / "report.json").read_text())
    assert read["schema_version"] == SCHEMA_VERSION
    assert read["verdict"] == "drift"
    assert read["counts"] == {"holds": 2, "drifted": 2, "answered": 1, "unchecked": 1}
    assert read["checks"] == [to_json(each) | json.loads(json.dumps(to_json(each))) for each in EVERYTHING.checks]


@pytest.mark.parametrize("each", CHECKS, ids=lambda each: each.id)
def test_a_check_comes_back_from_json_as_it_was(each: CheckResult) -> None:
    back = check_from_json(json.dumps(to_json(each)), earlier=False)
    assert back == each


def test_texts_of_a_report_are_redacted_and_cut() -> None:
    assert redacted_text("x" * 3000) == "x" * 2000 + "… (3000 characters)"
    assert redacted_text("a\x00b\x1b[31m") == "a\\x00b\\x1b[31m"
    assert "ovs" not in redacted_text("y" * 1990 + " ovs-secret-key-that-is-cut"), "half a key is hidden too"
    assert value_text({"key": "ovs-secret"}) == '{"key": "$OVERSHOOT_API_KEY"}'
    assert value_text({1, 2}) == "{1, 2}"
    assert value_text((1001, "why")) == '[1001, "why"]'
    assert redacted_json({"a": ["ovs-secret", 1, None, (b"raw",)]}) == {
        "a": ["$OVERSHOOT_API_KEY", 1, None, ["b'raw'"]]
    }


def test_a_call_is_reported_with_its_answer() -> None:
    seen = exchange("POST", "/v1/streams", 201, {"token": "eyJh.eyJi.c2ln"}, headers={"x-key": "ovs-secret"})
    reported = reported_call(seen)
    assert reported.body == '{\n  "token": "<token>"\n}'
    assert reported.headers == {"x-key": "$OVERSHOOT_API_KEY"}
    assert reported.status == 201
    assert reported_call(exchange("GET", "/x", 200, b"\xff plain")).body == "\ufffd plain"
