import msgspec
import pytest

from broker.journal.hiding import ERASED, Hidden, hide, pseudonyms
from shared.messages.base import Plate
from shared.privacy import mask_phone, mask_plate

PHONE, PLATE, KEY = "13900001111", "浙B99999", b"k" * 32
INSTEAD = pseudonyms([PHONE], [PLATE], KEY)
HIDDEN = Hidden(values={**INSTEAD, "v-1": None}, names=frozenset({"张女士"}), key=KEY)


def test_each_value_and_its_mask_have_one_pseudonym_that_nobody_guesses() -> None:
    for value, mask in ((PHONE, mask_phone), (PLATE, mask_plate)):
        pseudonym = INSTEAD[value]
        assert pseudonym is not None
        assert pseudonym.startswith(ERASED)
        assert len(pseudonym.removeprefix(ERASED)) == 9
        assert msgspec.convert(pseudonym, Plate)  # a message with it can still be read
        assert INSTEAD[mask(value)] == mask(pseudonym)
    assert INSTEAD[PHONE] != INSTEAD[PLATE]
    assert pseudonyms([PHONE], [], b"another key")[PHONE] != INSTEAD[PHONE]
    assert pseudonyms([PHONE], [], KEY)[PHONE] == INSTEAD[PHONE]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (f'{{"phone":"{PHONE}"}}', f'{{"phone":"{INSTEAD[PHONE]}"}}'),
        (f'{{"plates":["{PLATE}"]}}', f'{{"plates":["{INSTEAD[PLATE]}"]}}'),
        (f'{{"said":"请联系 {PHONE}"}}', f'{{"said":"请联系 {INSTEAD[PHONE]}"}}'),
        ('{"said":"张女士到访"}', f'{{"said":"{ERASED}到访"}}'),
        ('{"said":"v-1 到访"}', f'{{"said":"{ERASED} 到访"}}'),
        ('{"visit":"v-1"}', '{"visit":null}'),
        ('{"text":"任何话","size":2}', f'{{"text":"{ERASED}","size":2}}'),
        ('{"candidates":["浙B99998"]}', '{"candidates":[]}'),
    ],
)
def test_a_person_is_taken_out_wherever_they_stand(body: str, left: str) -> None:
    assert hide(body, HIDDEN) == left


def test_two_names_that_differ_still_do_and_a_colleague_s_stays() -> None:
    zhang = hide('{"surname":"张"}', HIDDEN)
    assert "张" not in zhang
    assert len(HIDDEN.name("张").removeprefix(ERASED)) == 6
    assert zhang != hide('{"surname":"李"}', HIDDEN)
    colleague = '{"id":"li","name":"李敏"}'
    assert hide(colleague, HIDDEN) == colleague


def test_a_text_without_the_person_stays_as_it_was_written() -> None:
    body = '{ "phone" : "13800138000", "visits": [1, 2, null] }'
    assert hide(body, HIDDEN) is body
