"""Prices, balances, the checkout page, and the service endpoints at the host's root."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from ovs_support.chat import MODEL, ChatCaller, detail, places

from ovs_mock import Ovs

CENT = 1_000_000


@pytest.fixture
def root(ovs: Ovs) -> Iterator[ChatCaller]:
    with ChatCaller(ovs, ovs.url) as caller:
        yield caller


class TestPricing:
    def test_everybody_sees_what_each_model_costs(self, root: ChatCaller) -> None:
        root.http.headers.pop("Authorization")
        prices = root("GET", "/billing/pricing").json()
        assert {price["model"] for price in prices} >= {MODEL, "gpt-5.4"}
        for price in prices:
            assert str(UUID(price["id"])) == price["id"]
            assert price["provider"]
            assert price["public"] is True
            assert all(isinstance(v, int) for k, v in price.items() if k.endswith("microcents_per_token"))

    def test_one_model_also_with_a_slash_in_its_name(self, root: ChatCaller) -> None:
        for model in (MODEL, "gpt-5.4"):
            assert root("GET", f"/billing/pricing/{model}").json()["model"] == model
        assert root("GET", "/billing/pricing/Qwen%2FQwen3.5-9B").json()["model"] == MODEL
        assert detail(root("GET", "/billing/pricing/no/such"))[0] == 404


class TestBalance:
    def test_completions_are_taken_from_it(self, ovs: Ovs, root: ChatCaller) -> None:
        ovs.set_credits(5)
        before = root("GET", "/billing/accounts/me/balance").json()
        assert str(UUID(before["user_id"])) == before["user_id"]
        assert (before["balance_microcents"], before["balance_cents"]) == (5 * CENT, 5)
        usage = root.chat("hi", thread_id="t").json()["usage"]
        price = root("GET", f"/billing/pricing/{MODEL}").json()
        cost = usage["prompt_tokens"] * price["input_microcents_per_token"]
        cost += usage["completion_tokens"] * price["output_microcents_per_token"]
        after = root("GET", "/billing/accounts/me/balance").json()
        assert before["balance_microcents"] - after["balance_microcents"] == cost
        again = root.chat("hi", thread_id="t").json()
        cached = again["overshoot"]["cache"]["cached_input_tokens"]
        assert cached == usage["prompt_tokens"]
        saved = cached * (price["input_microcents_per_token"] - price["cached_input_microcents_per_token"])
        last = root("GET", "/billing/accounts/me/balance").json()
        assert after["balance_microcents"] - last["balance_microcents"] == cost - saved

    def test_it_wants_a_key(self, root: ChatCaller) -> None:
        root.http.headers.pop("Authorization")
        assert detail(root("GET", "/billing/accounts/me/balance"))[0] == 401
        assert detail(root("POST", "/billing/checkout", {"amount_cents": 100}))[0] == 401


class TestCheckout:
    def test_a_browser_that_pays_tops_up_the_balance(self, ovs: Ovs, root: ChatCaller) -> None:
        ovs.set_credits(0)
        assert root.chat("hi").status_code == 402
        url = root("POST", "/billing/checkout", {"amount_cents": 1_250}).json()["url"]
        assert url.startswith(ovs.billing)
        with httpx.Client() as browser:
            page = browser.get(url)
            assert page.headers["content-type"].startswith("text/html")
            assert "$12.50" in page.text
            assert re.search(r'<form method="post">.*<button', page.text)
            assert root("GET", "/billing/accounts/me/balance").json()["balance_cents"] == 0
            for _ in range(2):
                assert "Paid" in browser.post(url).text
            assert "<form" not in browser.get(url).text
        assert root("GET", "/billing/accounts/me/balance").json()["balance_cents"] == 1_250
        assert root.chat("hi").status_code == 200

    @pytest.mark.parametrize("amount", [99, 0, -100, 10**12, "much", None, 100.5])
    def test_its_limits(self, root: ChatCaller, amount: Any) -> None:
        assert places(root("POST", "/billing/checkout", {"amount_cents": amount})) == [["body", "amount_cents"]]

    def test_malformed_bodies(self, root: ChatCaller) -> None:
        assert places(root("POST", "/billing/checkout", content=b"{")) == [["body", 1]]
        assert places(root("POST", "/billing/checkout")) == [["body", "amount_cents"]]

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_an_unknown_checkout_is_a_404_page(self, root: ChatCaller, method: str) -> None:
        answer = root(method, "/billing/checkout/cs_none")
        assert (answer.status_code, "not found" in answer.text) == (404, True)


class TestService:
    def test_health_and_readiness(self, ovs: Ovs, root: ChatCaller) -> None:
        root.http.headers.pop("Authorization")
        assert root("GET", "/healthz").json() == {"status": "ok"}
        assert root("GET", "/readyz").status_code == 200
        ovs.set_draining()
        assert root("GET", "/readyz").status_code == 503
        assert root("GET", "/healthz").status_code == 200

    def test_metrics_are_prometheus_text(self, ovs: Ovs, v1: ChatCaller, root: ChatCaller) -> None:
        stream_id = v1.stream(frames=2)
        root.chat("hi")
        v1.chat("hi")
        metrics = root("GET", "/metrics")
        assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert f'overshoot_chats_started_total{{model="{MODEL}"}} 2\n' in metrics.text
        assert "overshoot_streams_active 1\n" in metrics.text
        assert "overshoot_frames_retained 2\n" in metrics.text
        sample = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9]+')
        for line in metrics.text.splitlines():
            assert line.startswith(("# HELP ", "# TYPE ")) or sample.fullmatch(line), line
        v1("DELETE", f"/streams/{stream_id}")
        assert 'overshoot_streams_ended_total{reason="client_requested"} 1\n' in root("GET", "/metrics").text

    @pytest.mark.parametrize("path", ["/", "/nothing", "/billing", "/billing/nothing", "/streams"])
    def test_unknown_paths_have_the_apis_own_error(self, root: ChatCaller, path: str) -> None:
        assert detail(root("GET", path)) == (404, "Not Found")
        assert root("PUT", "/healthz").headers["Allow"]
