"""Which addresses are out on the public network: a request to another one is made on purpose, or never."""

import ipaddress


def is_public(address: str) -> bool:
    """Whether an IP address, v4 or v6, is reachable for everybody; raises ValueError for what is none.

    Loopback, private, link-local (a cloud's metadata among them), shared, reserved and multicast ones are
    not; an IPv4 address that is wrapped in an IPv6 one counts as itself.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or _nat64(ip)
        if wrapped is not None:
            ip = wrapped
    return ip.is_global and not ip.is_multicast


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    inside = ip in ipaddress.IPv6Network("64:ff9b::/96")
    return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF) if inside else None
