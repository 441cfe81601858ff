"""Who may use the controls: programs on this machine, but no web pages.

A web page in a browser on this machine can reach loopback too. Its requests have an Origin, or, when it uses DNS
rebinding, a Host that is not this machine's.
"""

from ipaddress import ip_address

from yarl import URL


def denial(host: str, origin: str | None, *, allow_other_hosts: bool) -> str | None:
    """Why a request may not use the controls, or ``None`` when it may."""
    if allow_other_hosts:
        return None
    if not is_this_machine(host):
        return f"the controls answer to this machine only, not to {host!r}: start with --open-control to change that"
    if origin is not None and URL(origin).authority != URL(f"http://{host}").authority:
        return f"the controls refuse pages of other origins, and so of {origin!r}"
    return None


def is_this_machine(host: str) -> bool:
    """Whether a Host header names the loopback interface."""
    try:
        name = URL(f"http://{host}").host
    except ValueError:
        return False
    if name is None or name == "localhost":
        return name is not None
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
