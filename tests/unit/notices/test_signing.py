"""The signature of a webhook is the one that Standard Webhooks prescribes."""

import base64

from ccd.notices.signing import headers, key_of

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_specifications_own_example():
    """Id, time and body of the published example give its published signature."""
    told = headers(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert told == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_that_is_no_base64_is_taken_as_it_is():
    """Whoever writes a password is not told off; the receiver knows the same words."""
    assert key_of("whsec_not base64!") == b"whsec_not base64!"
    assert key_of("correct horse") == b"correct horse"
    assert key_of("whsec_" + base64.b64encode(b"key").decode()) == b"key"


def test_without_a_secret_nothing_is_signed():
    """Id and time are told all the same."""
    assert set(headers("", "a", 1, b"{}")) == {"webhook-id", "webhook-timestamp"}
