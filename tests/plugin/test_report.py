"""What the plugin says of a test that did its work, in somebody else's suite."""

import pytest
from ovs_support.inner_run import run_inside

SUITE = """
import json, urllib.error, urllib.request
import pytest

STREAM = {"processing": {"interval_seconds": 1}, "inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}}
CHAT = {"model": "Qwen/Qwen3.6-27B-FP8", "messages": [{"role": "user", "content": "What is there?"}]}

def call(ovs, method, url, body=None):
    headers = {"Authorization": f"Bearer {ovs.api_key}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        return json.loads(urllib.request.urlopen(request).read() or "null")
    except urllib.error.HTTPError as error:
        return error.code

def create(ovs):
    return call(ovs, "POST", f"{ovs.v02}/streams", STREAM)["stream_id"]

def close(ovs, stream_id):
    call(ovs, "DELETE", f"{ovs.v02}/streams/{stream_id}")
"""


def run(pytester: pytest.Pytester, code: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(SUITE + code)
    return run_inside(pytester, *arguments)


LEAKS = """
def test_it(ovs):
    create(ovs)
"""


class TestLeaks:
    def test_a_stream_left_open_is_a_warning(self, pytester: pytest.Pytester) -> None:
        result = run(pytester, LEAKS)
        result.assert_outcomes(passed=1, warnings=1)
        result.stdout.fnmatch_lines(
            ["*OvsLeakWarning: *stream * was never closed: it runs until its lease of 45 s ends*"]
        )

    def test_or_a_failure_when_that_is_asked_for(self, pytester: pytest.Pytester) -> None:
        result = run(pytester, LEAKS, "--ovs-leaks=fail")
        result.assert_outcomes(passed=1, errors=1)
        result.stdout.fnmatch_lines(["the test left open:", "*was never closed*"])

    def test_or_nothing(self, pytester: pytest.Pytester) -> None:
        run(pytester, LEAKS, "-o", "ovs_leaks=ignore").assert_outcomes(passed=1)

    def test_a_marker_goes_before_the_option(self, pytester: pytest.Pytester) -> None:
        code = "@pytest.mark.ovs(leaks='ignore')" + LEAKS
        run(pytester, code, "--ovs-leaks=fail").assert_outcomes(passed=1)

    def test_a_test_that_cleans_up_is_fine(self, pytester: pytest.Pytester) -> None:
        code = """
def test_it(ovs):
    close(ovs, create(ovs))
"""
        run(pytester, code, "--ovs-leaks=fail").assert_outcomes(passed=1)

    def test_keepalives_that_go_on_after_the_end(self, pytester: pytest.Pytester) -> None:
        code = """
def test_it(ovs):
    stream_id = create(ovs)
    ovs.advance(50)
    assert call(ovs, "POST", f"{ovs.v02}/streams/{stream_id}/keepalive") == 404
"""
        result = run(pytester, code, "--ovs-leaks=fail")
        result.assert_outcomes(passed=1, errors=1)
        result.stdout.fnmatch_lines(["*keepalives went on after stream * had ended"])

    def test_a_create_that_was_tried_again(self, pytester: pytest.Pytester) -> None:
        code = """
def test_it(ovs):
    first, second = create(ovs), create(ovs)
    close(ovs, second)
    ovs.advance(50)
"""
        result = run(pytester, code, "--ovs-leaks=fail")
        result.assert_outcomes(passed=1, errors=1)
        result.stdout.fnmatch_lines(["*a create was tried again: stream * never used, and is billed beside *"])


class TestMoney:
    def test_a_test_that_stays_within_its_budget(self, pytester: pytest.Pytester) -> None:
        code = """
@pytest.mark.ovs_budget(cents=2)
def test_it(ovs):
    stream_id = create(ovs)
    ovs.advance(30)
    close(ovs, stream_id)
    assert ovs.bill.cents == pytest.approx(1, abs=0.2)
"""
        result = run(pytester, code)
        result.assert_outcomes(passed=1)
        result.stdout.fnmatch_lines(["ovs-mock: 1 test, 0.01?? dollars saved"])

    def test_one_that_does_not(self, pytester: pytest.Pytester) -> None:
        code = """
@pytest.mark.ovs_budget(0.5)
def test_it(ovs):
    stream_id = create(ovs)
    ovs.advance(30)
    close(ovs, stream_id)
"""
        result = run(pytester, code)
        result.assert_outcomes(passed=1, errors=1)
        result.stdout.fnmatch_lines(["the test would cost more than its budget of 0.5 cents: 1.*cents", "*stream *"])

    def test_a_budget_that_is_none(self, pytester: pytest.Pytester) -> None:
        code = """
@pytest.mark.ovs_budget("little")
def test_it(ovs):
    pass
"""
        result = run(pytester, code)
        result.stdout.fnmatch_lines(["*expected cents=<a number, zero or more>, and got 'little'*"])


class TestScripts:
    def test_a_reply_that_was_never_given_fails_the_test(self, pytester: pytest.Pytester) -> None:
        code = """
def test_it(ovs):
    ovs.model.when(prompt="How many?", version="v1").reply("seven")
    call(ovs, "POST", f"{ovs.v1beta}/chat/completions", CHAT)
"""
        result = run(pytester, code)
        result.assert_outcomes(passed=1, errors=1)
        result.stdout.fnmatch_lines(
            [
                "replies that were not used:",
                "  the prompt has 'How many?' and version is 'v1' → 'seven': 0 of 1",
                "*v1beta chat asked Qwen/Qwen3.6-27B-FP8 'What is there?'",
                "*the prompt has 'How many?', but it is 'What is there?'; version is 'v1', but it is 'v1beta'",
            ]
        )

    def test_unless_it_was_optional(self, pytester: pytest.Pytester) -> None:
        code = """
def test_it(ovs):
    ovs.model.when(prompt="How many?").reply("seven", optional=True)

@pytest.mark.ovs(strict=False)
def test_that(ovs):
    ovs.model.reply("seven")
"""
        run(pytester, code).assert_outcomes(passed=2)

    def test_the_fewest_times_count(self, pytester: pytest.Pytester) -> None:
        code = """
def test_it(ovs):
    ovs.model.reply("seven", times=2)
    call(ovs, "POST", f"{ovs.v1}/chat/completions", CHAT)
"""
        result = run(pytester, code)
        result.stdout.fnmatch_lines(["*any question → 'seven': 1 of 2"])


class TestSurprises:
    def test_a_script_that_raises_fails_the_test_with_its_trace(self, pytester: pytest.Pytester) -> None:
        code = """
def test_it(ovs):
    ovs.model.reply(lambda question: 1 / 0)
    assert call(ovs, "POST", f"{ovs.v1}/chat/completions", CHAT) == 500
"""
        result = run(pytester, code)
        result.assert_outcomes(passed=1, errors=1)
        result.stdout.fnmatch_lines(["*raised an error that no client has received*", "*ZeroDivisionError*"])

    def test_unless_the_test_takes_it(self, pytester: pytest.Pytester) -> None:
        code = """
def test_it(ovs):
    ovs.model.reply(lambda question: 1 / 0)
    assert call(ovs, "POST", f"{ovs.v1}/chat/completions", CHAT) == 500
    assert [type(error) for error in ovs.consume_failures()] == [ZeroDivisionError]
"""
        run(pytester, code).assert_outcomes(passed=1)

    def test_a_failed_test_shows_what_happened(self, pytester: pytest.Pytester) -> None:
        code = """
def test_it(ovs):
    create(ovs)
    assert False
"""
        result = run(pytester, code)
        result.assert_outcomes(failed=1, warnings=1)
        result.stdout.fnmatch_lines(["*ovs journal*", "+    0.000  POST /v0.2/streams → 201", "*created, lease 45 s"])


class TestChoices:
    def test_a_marker_sets_what_the_test_wants(self, pytester: pytest.Pytester) -> None:
        code = """
@pytest.mark.ovs(ttl_seconds=10, credits_cents=7, clock="frozen", models={"Qwen/Qwen3.5-9B": "saturated"})
def test_it(ovs):
    assert ovs.now() == ovs.now()
    assert ovs.balance() == 7_000_000
    assert call(ovs, "POST", f"{ovs.v02}/streams", STREAM) == 503
"""
        run(pytester, code).assert_outcomes(passed=1)

    @pytest.mark.parametrize(
        ("marker", "said"),
        [
            ("ovs(tll_seconds=1)", "there is no option 'tll_seconds'; did you mean ttl_seconds?"),
            ("ovs(clock='sundial')", "clock='sundial': expected 'running' or 'frozen'"),
            ("ovs(10)", "expected keywords only"),
        ],
    )
    def test_a_marker_that_is_wrong_says_so(self, pytester: pytest.Pytester, marker: str, said: str) -> None:
        result = run(pytester, f"@pytest.mark.{marker}\ndef test_it(ovs):\n    pass\n")
        result.stdout.fnmatch_lines([f"*{said}*".replace("[", "[[]")])

    def test_the_clock_is_an_option(self, pytester: pytest.Pytester) -> None:
        code = """
def test_it(ovs):
    assert ovs.now() == ovs.now()
"""
        run(pytester, code, "--ovs-clock=frozen").assert_outcomes(passed=1)
