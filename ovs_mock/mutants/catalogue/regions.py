"""v1beta: regions."""

from dataclasses import replace

from ovs_mock.api.chat.regions import DEFAULT_REGION, HEADER, REGIONS
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import create
from ovs_mock.mutants.edits import always, put, rename
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.requests import headers
from ovs_mock.mutants.responses import ERRORS, on

AREA = Area("v1beta/regions")
V1_REGIONS = Area("v1/regions")
V1BETA = "* /v1beta/*"
STREAM = "* /v1beta/streams/{id}*"
CHAT = "POST /v1beta/chat/completions"


def _swapped(request: MutantRequest, response: MutantResponse) -> None:
    if response.status == 409 and request.matches(V1BETA) and "expected_region" in str(response.body):
        error = response.body["detail"]
        error["expected_region"], error["requested_region"] = error["requested_region"], error["expected_region"]


def _is_region_error(_: MutantRequest, response: MutantResponse) -> bool:
    return "region_error" in str(response.body)


def _names_no_region(request: MutantRequest) -> bool:
    return request.raw.headers.get(HEADER, DEFAULT_REGION) not in REGIONS


MUTANTS = (
    AREA(
        "v1beta-without-region",
        "v1beta: answers do not say their region",
        on(V1BETA, tuple(range(200, 300)), headers={HEADER: None}),
    ),
    AREA(
        "v1beta-errors-without-region",
        "v1beta: errors do not say their region",
        on(V1BETA, ERRORS, headers={HEADER: None}),
    ),
    AREA("v1beta-region-unknown", "v1beta: the region is eu-west1", on(V1BETA, None, headers={HEADER: "eu-west1"})),
    AREA(
        "v1beta-region-always-west",
        "v1beta: the region is us-west1, whichever served the call",
        on(V1BETA, None, headers={HEADER: "us-west1"}),
    ),
    AREA(
        "v1beta-region-not-taken",
        "v1beta: new streams are in us-west1, whatever region is asked for",
        headers=headers(create("v1beta"), {HEADER: None}),
    ),
    AREA(
        "v1beta-wrong-region-accepted",
        "v1beta: a stream answers in any region",
        headers=headers(STREAM, {HEADER: None}, when=lambda request: not _names_no_region(request)),
    ),
    AREA(
        "v1beta-chat-in-any-region",
        "v1beta: a chat may name another region than its streams'",
        headers=headers(CHAT, {HEADER: None}, when=lambda request: not _names_no_region(request)),
    ),
    AREA(
        "v1beta-unknown-region-accepted",
        "v1beta: a region that is not there is passed over",
        headers=headers(V1BETA, {HEADER: None}, when=_names_no_region),
    ),
    AREA(
        "v1beta-wrong-region-404",
        "v1beta: a stream of another region is 404",
        on(V1BETA, 409, always({"detail": "Stream not found."}), to=404, when=_is_region_error),
    ),
    AREA("v1beta-regions-swapped", "v1beta: expected and requested region are swapped", _swapped),
    AREA(
        "v1beta-region-error-renamed",
        "v1beta: the error of a wrong region is called wrong_region",
        on(V1BETA, 409, put("detail.error", "wrong_region"), when=_is_region_error),
    ),
    AREA(
        "v1beta-region-error-without-expected",
        "v1beta: a wrong region is not told the right one",
        on(V1BETA, 409, rename("detail.expected_region", "region"), when=_is_region_error),
    ),
    V1_REGIONS(
        "v1-has-regions", "v1: regions are looked at, as in v1beta", chat_version=lambda of: replace(of, regions=True)
    ),
)
