"""Where a lookup may go, as it is written in the configuration."""

import pytest
from pydantic import ValidationError

from ccd.config.addresses import is_public
from ccd.config.lookups import Lookup


@pytest.mark.parametrize("address", ["1.1.1.1", "223.5.5.5", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_addresses_for_everybody(address):
    """These may be asked without further ado."""
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
    ],
)
def test_addresses_in_our_own_network(address):
    """However it is wrapped."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://crm.example.com/", "https://127.0.0.1/", "https://[::1]:8443/x", "https://localhost/"),
        *("https://192.168.0.7/crm", "https://169.254.169.254/latest"),
    ],
)
def test_our_own_network_is_asked_on_purpose(url):
    """Without `allow_private` the key is refused, with it taken."""
    with pytest.raises(ValidationError, match="allow_private"):
        Lookup(url=url)
    assert Lookup(url=url, allow_private=True).url == url


@pytest.mark.parametrize(
    "url",
    ["ftp://x/", "https://user:secret@crm.example.com/", "https://", "https://a b/", "file:///etc/passwd"],
)
def test_what_is_no_address_is_refused(url):
    """Passwords do not stand in addresses."""
    with pytest.raises(ValidationError):
        Lookup(url=url, allow_private=True)
