"""``python -m ovs_contracts.relay``: started by ``process``, not by people."""

import sys

from ovs_contracts.relay.program import main

sys.exit(main())
