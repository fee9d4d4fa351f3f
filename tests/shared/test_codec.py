import pytest

from shared.codec import MAX_PAYLOAD_BYTES, decode, encode, read_delivery
from shared.errors import MessageError
from shared.messages import Ack, Say
from shared.topics import topic_of
from tests.fakes import NINE, SITE

ACK = Ack(ack_id="k-1", alert_id="a-1", staff_id="li", acked_at=NINE)


def test_a_message_survives_the_wire() -> None:
    assert read_delivery(topic_of(ACK, site=SITE), encode(ACK), site=SITE) == ACK


def test_nobody_can_speak_for_somebody_else() -> None:
    topic = topic_of(ACK, site=SITE).replace("/li/", "/wang/")
    with pytest.raises(MessageError, match="speaks only for itself"):
        read_delivery(topic, encode(ACK), site=SITE)


def test_a_sentence_for_the_radio_is_plain_text() -> None:
    say = Say(role="gate", text="浙A88888 到访")
    assert encode(say) == "浙A88888 到访".encode()
    assert read_delivery(topic_of(say, site=SITE), encode(say), site=SITE) == say


def test_a_payload_of_a_megabyte_is_refused_unread() -> None:
    payload = b'{"ack_id": "' + b"x" * 1_000_000 + b'"}'
    with pytest.raises(MessageError, match=f"more than {MAX_PAYLOAD_BYTES}"):
        read_delivery(topic_of(ACK, site=SITE), payload, site=SITE)


def test_a_topic_outside_the_contract_is_refused() -> None:
    with pytest.raises(MessageError, match="not part of the contract"):
        read_delivery("yingbin/v1/xihu/gate/north/ring", b"{}", site=SITE)


def test_another_site_s_topic_is_refused() -> None:
    with pytest.raises(MessageError, match="not part of the contract"):
        read_delivery(topic_of(ACK, site="donghu"), encode(ACK), site=SITE)


def test_a_wrong_field_is_named() -> None:
    with pytest.raises(MessageError, match="acked_at"):
        decode(Ack, encode(ACK).replace(b"Z", b""))
