from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from weakref import ref

from gate.passing.refusal import Reason, Refusal
from gate.passing.unread import MOST_STAYS, Unread
from gate.reader.reading import PlateReading
from tests.gate.cars import START, picture, plate

IMAGE = picture()


class Watch:
    """Shows one frame after the other and keeps what was told of them."""

    def __init__(self) -> None:
        self.unread, self.told = Unread(), list[Refusal]()

    def see(
        self, after_s: float, refused: Sequence[Refusal] = (), read: Sequence[PlateReading] = ()
    ) -> None:
        self.told += self.unread.see(START + timedelta(seconds=after_s), refused, read)

    def reasons(self) -> list[Reason]:
        return [refusal.reason for refusal in self.told]


def refused(x: float = 100, reason: Reason = Reason.ILLEGIBLE, width: float = 100) -> Refusal:
    corners = ((x, 50.0), (x + width, 50.0), (x + width, 80.0), (x, 80.0))
    return Refusal(reason, START, IMAGE, corners)


def test_a_car_that_passes_unread_is_told_once_when_it_has_gone() -> None:
    watch = Watch()
    for frame in range(10):
        watch.see(frame * 0.2, [refused(100 + frame * 20)])
    assert watch.told == []
    watch.see(6.0)
    watch.see(7.0)
    assert watch.reasons() == [Reason.ILLEGIBLE]


def test_a_car_that_is_read_a_moment_later_is_not_told() -> None:
    watch = Watch()
    watch.see(0.0, [refused(100, Reason.TOO_SMALL)])
    watch.see(0.2, [refused(110, Reason.TOO_SMALL)])
    watch.see(0.4, [], [plate("浙A88888", x=120)])
    watch.see(0.6, [refused(130, Reason.TOO_BLURRED)])
    watch.see(10.0)
    assert watch.told == []


def test_the_next_car_at_the_same_place_is_told_though_the_one_before_was_read() -> None:
    watch = Watch()
    watch.see(0.0, [], [plate("浙A88888")])
    watch.see(5.0, [refused()])
    watch.see(5.2, [refused()])
    watch.see(10.0)
    assert watch.reasons() == [Reason.ILLEGIBLE]


def test_a_single_frame_that_shows_a_plate_is_bark_or_gravel() -> None:
    watch = Watch()
    watch.see(0.0, [refused()])
    watch.see(5.0)
    assert watch.told == []


def test_a_poster_is_told_once_while_it_hangs_there_and_comes_and_goes() -> None:
    watch = Watch()
    for second in range(600):
        shown = [refused(reason=Reason.IN_IGNORED_AREA)] if second % 20 < 15 else []
        watch.see(second, shown)
    assert watch.reasons() == [Reason.IN_IGNORED_AREA]


def test_two_cars_beside_each_other_are_told_both() -> None:
    watch = Watch()
    for at in (0.0, 0.2):
        watch.see(at, [refused(100), refused(700, Reason.TOO_DARK)])
    watch.see(5.0)
    assert watch.reasons() == [Reason.ILLEGIBLE, Reason.TOO_DARK]


def test_the_nearest_sighting_is_the_one_that_is_shown() -> None:
    watch = Watch()
    watch.see(0.0, [refused(100, Reason.TOO_SMALL, 40)])
    watch.see(0.2, [refused(110, Reason.TOO_BLURRED, 90)])
    watch.see(0.4, [refused(120, Reason.TOO_SMALL, 50)])
    watch.see(5.0)
    assert watch.reasons() == [Reason.TOO_BLURRED]


def test_a_clock_that_is_set_back_keeps_nothing_for_ever() -> None:
    watch = Watch()
    watch.see(100.0, [refused()])
    watch.see(100.2, [refused()])
    watch.see(0.0)
    assert watch.reasons() == [Reason.ILLEGIBLE]


def test_what_has_no_place_in_the_picture_is_none_of_its_business() -> None:
    watch = Watch()
    watch.see(0.0, [replace(refused(), corners_px=None)])
    assert watch.told == []


def test_frames_are_let_go_of_whatever_leaves_and_shadows_are_taken_for() -> None:
    watch, frames = Watch(), []
    for number in range(100):
        image = picture()
        frames.append(ref(image))
        shown = replace(refused(number * 400), image=image)
        watch.see(number * 0.02, [shown])
        del image, shown
    assert sum(frame() is not None for frame in frames) <= MOST_STAYS


def test_a_frame_is_let_go_once_its_plate_is_read() -> None:
    watch, image = Watch(), picture()
    frame = ref(image)
    watch.see(0.0, [replace(refused(), image=image)])
    del image
    assert frame() is not None
    watch.see(0.2, [], [plate("浙A88888")])
    assert frame() is None
