"""Makes the plugin's fixtures and hooks those of the suite."""

from ovs_contracts.runner.fixtures import *  # noqa: F403 - pytest finds fixtures and hooks by their names
