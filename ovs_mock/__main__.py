"""``python -m ovs_mock`` is ``ovs-mock``."""

from ovs_mock.cli.main import main

main()
