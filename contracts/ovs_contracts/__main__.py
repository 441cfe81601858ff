"""``python -m ovs_contracts``."""

from ovs_contracts.cli import main

main()
