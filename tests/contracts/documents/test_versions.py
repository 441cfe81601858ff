"""What the documents say about versions."""

import pytest
from ovs_contracts.documents import names
from ovs_contracts.documents.versions import ContractVersion, chat_versions, stream_path, version, versions

ID = "11111111-2222-4333-8444-555555555555"


def test_every_document_of_a_version_states_its_facts() -> None:
    assert list(versions()) == ["v0.2", "v1", "v1beta"]
    assert names() == ("v0.2", "v1", "v1beta", "billing", "service")
    assert [each.lease_seconds for each in versions().values()] == [45, 300, 300]
    assert [each.status_of(ID) for each in versions().values()] == [
        f"/v0.2/streams/{ID}/info",
        f"/v1/streams/{ID}",
        f"/v1beta/streams/{ID}",
    ]


@pytest.mark.parametrize("of", chat_versions(), ids=lambda of: of.name)
def test_versions_of_chats_have_a_status_for_every_error(of: ContractVersion) -> None:
    assert set(of.error_statuses) == set(version("v1beta").error_statuses)
    assert all(400 <= status < 500 for status in of.error_statuses.values())
    assert set(of.model_statuses) == {"ready", "loading", "unavailable"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v0.2/streams", ("v0.2", None, "")),
        ("/v1beta/streams/?x=1", ("v1beta", None, "")),
        (f"/v1/streams/{ID}", ("v1", ID, "")),
        (f"/v1/streams/{ID}/keepalive?x=1", ("v1", ID, "keepalive")),
        (f"/v0.2/streams/{ID}/config/prompt", ("v0.2", ID, "config/prompt")),
    ],
)
def test_paths_of_streams(path: str, expected: tuple[str, str | None, str]) -> None:
    found = stream_path(path)
    assert found is not None
    assert (found.version.name, found.stream_id, found.action) == expected


@pytest.mark.parametrize("path", ["/v0.2/streams/feedback", "/v3/streams", "/v1/models", f"/v0x2/streams/{ID}", "/"])
def test_other_paths_lead_to_no_stream(path: str) -> None:
    assert stream_path(path) is None
