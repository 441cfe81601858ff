"""The pytest plugin of ovs-mock.

``pytest_ovs_mock.plugin`` is the plugin; pytest loads it by itself, and ``pytest --fixtures`` describes its fixtures.
What is not exported here is internal and may change in any release.
"""

from pytest_ovs_mock.report import OvsLeakWarning

__all__ = ["OvsLeakWarning"]
