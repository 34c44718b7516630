"""Which addresses may be connected to: public ones, and the in-house networks that a setting allows."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import AddrInfoType, SocketFactoryType

# Python's `is_private` is wrong on a good quarter of the tricky ones, so the tables are ours.
# After the registries of special-purpose addresses (RFC 6890 and what came later).
NOT_PUBLIC_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carriers' shared space
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a large cloud's inner service, behind an address that looks public
        "169.254.0.0/16",  # link-local, the metadata of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, the metadata of one cloud
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Nothing outside of it is public: mapped and compatible IPv4, NAT64, local and multicast addresses.
PUBLIC_V6 = IPv6Network("2000::/3")
NOT_PUBLIC_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: any IPv4 address inside
        "3fff::/20",  # documentation
    )
)


class ForbiddenAddressError(OSError):
    """The address is not public and not allowed; nothing was sent to it."""

    def __init__(self) -> None:
        # The same words each time: only then a host whose every address is forbidden stays this error.
        super().__init__("address is not public")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is one on the open internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_V4)
    return address in PUBLIC_V6 and not any(address in network for network in NOT_PUBLIC_V6)


def guarded_sockets(allow: Sequence[IPv4Network | IPv6Network]) -> SocketFactoryType:
    """Return what makes a socket only for an address that may be connected to.

    It is asked with the very address of the connection, after all names are resolved and for literals too, so
    a name that resolves otherwise the second time gains nothing.
    """

    def guarded_socket(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, where = info
        try:
            address = ip_address(str(where[0]))
        except ValueError as error:
            raise ForbiddenAddressError from error
        if not (is_public(address) or any(address in network for network in allow)):
            raise ForbiddenAddressError
        return socket.socket(family, kind, protocol)

    return guarded_socket
