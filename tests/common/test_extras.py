"""A missing extra is named together with the command that installs it."""

import pytest

from ovs_common.extras import MissingExtraError, first_missing, require_extra


def test_the_first_missing_module_is_named() -> None:
    assert first_missing("json", "asyncio.tasks") is None
    assert first_missing("json", "nonesuch.child", "nonesuch") == "nonesuch.child"


def test_a_missing_extra_is_named_with_the_command_that_installs_it() -> None:
    with pytest.raises(MissingExtraError, match=r"^pictures need the extra 'media': pip install 'ovs-mock\[media\]'$"):
        require_extra("media", "pictures need", "json", "nonesuch")


def test_only_the_modules_that_a_feature_needs_are_checked() -> None:
    require_extra("media", "pictures need", "json")
