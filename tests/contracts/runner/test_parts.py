"""Parts of a run by themselves."""

from pathlib import Path

import httpx
import pytest
from ovs_contracts.documents.suite_version import suite_version
from ovs_contracts.report.model import Cause, Outcome
from ovs_contracts.runner.resume_file import ResumeFile
from ovs_contracts.runner.transient_errors import error_status, is_unreachable, transient_error
from ovs_contracts.safety.state_folder import StateFolderError, slug, state_folder
from ovs_contracts.transport.exchange import Deviation
from ovs_support.exchanges import exchange
from ovs_support.reports import CHECKS, DRIFTED, check

OUT_OF_ORDER = exchange("GET", "/v1/models?x=1", 503, {})
FINE = exchange("GET", "/v1/models", 200, {})


def deviation(seen: object) -> Deviation:
    return Deviation("x", expected=1, seen=seen, exchange=OUT_OF_ORDER)


def caused_by(cause: BaseException) -> BaseException:
    try:
        try:
            raise cause
        except BaseException as error:
            raise KeyError("stream_id") from error
    except KeyError as error:
        return error


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (deviation(2), "503 from GET /v1/models"),
        (Deviation("x", expected=1, seen=2, exchange=FINE), None),
        (Deviation("x", expected=1, seen=2), None),
        (AssertionError("1 == 2"), None),
        (TimeoutError("waited 15 s in vain"), None),
        (TimeoutError("timed out during opening handshake"), "TimeoutError: timed out during opening handshake"),
        (httpx.ReadTimeout("slow"), "ReadTimeout: slow"),
        (caused_by(httpx.ConnectError("")), "ConnectError"),
        (ExceptionGroup("several", [ValueError(), deviation(2)]), "503 from GET /v1/models"),
        (ConnectionResetError("gone"), "ConnectionResetError: gone"),
    ],
)
def test_which_errors_are_transient(error: BaseException, trouble: str | None) -> None:
    assert transient_error(error) == trouble


def test_the_last_error_status_counts() -> None:
    assert error_status([OUT_OF_ORDER, FINE]) == "503 from GET /v1/models"
    assert error_status([FINE]) is None
    assert is_unreachable(caused_by(httpx.ConnectError("refused")))
    assert not is_unreachable(httpx.ReadTimeout("slow"))


def test_the_results_of_an_interrupted_run_come_back(tmp_path: Path) -> None:
    first = ResumeFile(tmp_path, "https://api.example", "suite 1")
    first.begin([])
    again = check("budget", Outcome.UNCHECKED, cause=Cause.BUDGET)
    for each in (*CHECKS, again):
        first.add(each)
    first.end(done=False)
    assert first.path.stat().st_mode & 0o777 == 0o600
    with first.path.open("a") as file:
        file.write('{"half')
    back = ResumeFile(tmp_path, "https://api.example", "suite 1").earlier()
    assert [each.id for each in back] == [each.id for each in CHECKS if each.outcome is not Outcome.UNCHECKED]
    assert all(each.earlier for each in back)
    assert back[1].failure == DRIFTED.failure
    assert ResumeFile(tmp_path, "https://api.example", "suite 2").earlier() == []
    assert ResumeFile(tmp_path, "https://another.example", "suite 1").earlier() == []


def test_a_run_that_came_to_its_end_leaves_nothing(tmp_path: Path) -> None:
    progress = ResumeFile(tmp_path, "https://api.example", "suite")
    progress.begin([])
    progress.end(done=True)
    assert list(tmp_path.iterdir()) == []


def test_the_state_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = state_folder()
    assert folder == tmp_path / "state" / "ovs-contracts"
    assert folder.stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_folder() == tmp_path / ".local" / "state" / "ovs-contracts"


def test_where_nothing_can_be_written_the_report_takes_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert state_folder(tmp_path / "report") == tmp_path / "report" / ".state"
    with pytest.raises(StateFolderError, match="set XDG_STATE_HOME"):
        state_folder()


def test_origins_as_names_of_files() -> None:
    assert slug("https://api.overshoot.ai") == "api.overshoot.ai"
    assert slug("http://127.0.0.1:8787") == "127.0.0.1-8787"


def test_the_suite_has_a_version_with_a_mark() -> None:
    assert suite_version().endswith(")")
    assert suite_version() == suite_version()
