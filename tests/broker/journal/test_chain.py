"""What the check says of a journal that was changed: words that help to find who changed it."""

from collections.abc import Mapping, Sequence

import msgspec
import pytest
from msgspec.structs import replace

from broker.journal.chain import (
    ERASED,
    FIRST_HASH,
    Entry,
    Erasure,
    Head,
    Redacted,
    Written,
    find_problems,
    next_entry,
    vouched_for,
)

DAY = "2026-11-23"


def follow(last: Entry | None, body: str, kind: str = "check_in", salt: str = "") -> Entry:
    head = Head(last.seq, last.hash, DAY) if last else None
    return next_entry(head, Written(f"{DAY}T09:00:00", kind, "c", body), salt)


def said(what: int | str) -> str:
    return f'{{"count":1,"note":"{what}"}}'


def written(count: int) -> list[Entry]:
    found: list[Entry] = []
    for number in range(count):
        found.append(follow(found[-1] if found else None, said(number)))
    return found


def told(
    entries: Sequence[Entry], heads: Sequence[Head] = (), vouched: Mapping[int, str] | None = None
) -> list[tuple[int, str]]:
    by_hash = {entry.hash: entry.seq for entry in entries}
    found = find_problems(entries, heads, by_hash.get, (vouched or {}).get)
    return [(fault.seq, fault.what) for fault in found]


def noted(entry: Entry, seq: int | None = None) -> Head:
    return Head(entry.seq if seq is None else seq, entry.hash, DAY)


FIVE = written(5)


def test_a_journal_as_it_was_written_has_no_problem() -> None:
    assert [entry.seq for entry in FIVE] == [1, 2, 3, 4, 5]
    assert FIVE[0].previous == FIRST_HASH
    assert told(FIVE, [noted(FIVE[2]), noted(FIVE[4])]) == []
    assert told([]) == []


def test_the_salt_counts_too() -> None:
    salted = follow(None, "{}", salt="ab")
    assert salted.is_intact
    assert not replace(salted, salt="").is_intact
    assert salted.hash != follow(None, "{}").hash


def test_an_edited_entry_is_named_alone() -> None:
    edited = [*FIVE[:2], replace(FIVE[2], body="9"), *FIVE[3:]]
    assert told(edited) == [(3, "edited: its content and its hash do not fit")]


def test_a_line_break_that_moves_from_one_field_to_the_next_is_an_edit() -> None:
    broken = follow(None, "{}", kind="a\nb")
    moved = replace(broken, kind="a", subject_id="b\nc")
    assert moved.digest == broken.hash
    assert told([moved]) == [(1, "edited: its content and its hash do not fit")]


@pytest.mark.parametrize(
    ("last", "missing"), [(3, "entry 3 missing"), (4, "entries 3 to 4 missing")]
)
def test_deleted_entries_are_counted(last: int, missing: str) -> None:
    assert told([*FIVE[:2], *FIVE[last:]], [noted(FIVE[2])]) == [(3, f"deleted: {missing}")]


def test_a_deleted_beginning_is_missed() -> None:
    assert told(FIVE[1:]) == [(1, "deleted: entry 1 missing")]


def test_an_entry_that_was_written_anew_is_missed_by_the_next() -> None:
    anew = follow(FIVE[1], "9")
    assert told([*FIVE[:2], anew, *FIVE[3:]]) == [
        (3, "replaced: the next entry was written behind another one")
    ]
    assert told([*FIVE[:4], follow(FIVE[3], "9")], [noted(FIVE[4])]) == [
        (5, f"is not the entry that was noted on {DAY}")
    ]


def test_an_entry_from_nowhere_follows_no_entry() -> None:
    strange = replace(FIVE[2], previous="f" * 64)
    assert told([*FIVE[:2], strange, *FIVE[3:]]) == [
        (3, "edited or inserted: it follows no entry of this journal")
    ]


def test_a_moved_entry_says_where_it_came_from() -> None:
    renumbered = replace(FIVE[3], seq=2)
    assert told([FIVE[0], renumbered, *FIVE[2:3]])[0] == (
        2,
        "moved or edited: it was written behind entry 3",
    )
    behind_the_first = replace(follow(FIVE[0], "9"), seq=3)
    fits = replace(behind_the_first, hash=behind_the_first.digest)
    assert told([*FIVE[:2], fits]) == [(3, "moved: it was written behind entry 1")]


def test_a_number_that_comes_twice_cannot_follow() -> None:
    twice = [*FIVE[:3], FIVE[2]]
    assert told(twice) == [(3, "has a number that cannot follow the one before")]


@pytest.mark.parametrize(
    ("left", "missing"), [(4, "entry 5 missing"), (2, "entries 3 to 5 missing")]
)
def test_an_end_that_was_cut_off_is_known_by_the_notes(left: int, missing: str) -> None:
    problem = (left + 1, f"cut off: {missing}, there on {DAY}")
    assert told(FIVE[:left], [noted(FIVE[0]), noted(FIVE[4])]) == [problem]


def test_a_note_that_cannot_be_read_is_named() -> None:
    damaged = Head(0, "", "2026-1")
    problem = (0, "a line of the notes beside the journal is damaged: '2026-1'")
    assert told(FIVE, [damaged, noted(FIVE[4])]) == [problem]


def test_two_notes_of_one_entry_are_both_looked_at() -> None:
    other = Head(3, "f" * 64, "2026-11-24")
    assert told(FIVE, [noted(FIVE[2]), other]) == [
        (3, "is not the entry that was noted on 2026-11-24")
    ]


def erased(seq: int, body: str = said("gone")) -> tuple[list[Entry], dict[int, str]]:
    """Five entries, from one of which a person was erased, and the digest that vouches for it."""
    was = FIVE[seq - 1]
    left = replace(was, body=body, sealed=was.sealed_digest)
    return [left if entry.seq == seq else entry for entry in FIVE], {seq: left.left}


def test_what_was_left_when_a_person_was_erased_is_no_problem() -> None:
    journal, vouched = erased(3)
    assert told(journal, [noted(FIVE[4])], vouched) == []


def test_what_was_left_may_not_be_edited_nor_come_back() -> None:
    journal, vouched = erased(3)
    edited = [*journal[:2], replace(journal[2], body=said("9")), *journal[3:]]
    words = "edited: it is not what was left when a person was erased"
    assert told(edited, (), vouched) == [(3, words)]
    assert told(FIVE, (), vouched) == [(3, "a person was erased from it and is back")]


def erasure(last: Entry, *redacted: Redacted) -> Entry:
    body = msgspec.json.encode(Erasure(asked_by="visitor", entries=redacted)).decode()
    return follow(last, body, ERASED)


def digests(*erasures: Entry) -> dict[int, str]:
    return {redacted.seq: redacted.digest for redacted in vouched_for(erasures)}


def test_the_latest_erasure_vouches_and_only_for_what_came_before_it() -> None:
    first = erasure(FIVE[3], Redacted(seq=2, digest="a"), Redacted(seq=3, digest="b"))
    second = erasure(first, Redacted(seq=2, digest="c"), Redacted(seq=6, digest="d"))
    assert first.seq == 5
    assert second.seq == 6
    assert digests(first, second) == {2: "c", 3: "b"}


def test_a_damaged_erasure_vouches_for_nothing_and_stops_no_other() -> None:
    torn = replace(FIVE[0], body="{")
    edited = replace(erasure(FIVE[3], Redacted(seq=2, digest="a")), at=DAY)
    good = erasure(FIVE[3], Redacted(seq=3, digest="b"))
    assert digests(torn, edited, good) == {3: "b"}


def test_no_erasure_vouches_for_a_change_of_the_public_part() -> None:
    journal, _ = erased(3, body='{"count":2,"note":"gone"}')
    vouched = {3: journal[2].left}
    words = "edited: it is not what was left when a person was erased"
    assert told(journal, (), vouched) == [(3, words)]


def test_an_entry_cannot_go_back_to_the_form_of_which_an_erasure_vouches_for_all() -> None:
    older = replace(FIVE[2], form=0, body="{}")
    journal = [*FIVE[:2], older, *FIVE[3:]]
    assert told(journal, (), {3: older.left}) == [
        (3, "edited: its content and its hash do not fit")
    ]


def test_a_form_that_nobody_knows_is_an_edit() -> None:
    strange = [*FIVE[:2], replace(FIVE[2], form=9), *FIVE[3:]]
    assert told(strange) == [(3, "edited: its content and its hash do not fit")]


def in_form_0(last: Entry | None, body: str) -> Entry:
    seq, previous = (last.seq + 1, last.hash) if last else (1, FIRST_HASH)
    blank = Entry(seq, f"{DAY}T09:00:00", "check_in", "c", body, previous, "", "salt")
    return replace(blank, hash=blank.digest)


def test_entries_of_an_older_release_hold_as_they_are_and_lose_people_as_before() -> None:
    first = in_form_0(None, said("张"))
    assert first.hash == "cb5080fdf5a0c462083fc31cc987037db76829a8c16573c7123ac8c5df943230"
    second = in_form_0(first, said("李"))
    third = follow(second, said("王"))
    assert told([first, second, third]) == []
    left = replace(first, body="{}", salt="")
    assert told([left, second, third], (), {1: left.left}) == []
    assert told([left, second, third]) != []
