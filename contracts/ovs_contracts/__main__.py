"""``python -m ovs_contracts``."""

from ovs_contracts.cli.main import main

main()
