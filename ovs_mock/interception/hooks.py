"""The connection policy of this process, with the hooks that ask it."""

# By their full names: pytest's own tests of plugins clear `sys.modules`, and then the package still has attributes for
# older modules, which ask an older policy.
from ovs_mock.interception.policy import POLICY
from ovs_mock.interception.sockets import install as install_in_sockets
from ovs_mock.interception.tls import install as install_in_tls

__all__ = ["POLICY"]

POLICY.hooks = (install_in_sockets, install_in_tls)
