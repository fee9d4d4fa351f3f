"""Turns rows into pages: some at a time, and where the next ones begin. Pure."""

from collections.abc import Iterable, Iterator
from itertools import islice

from broker.console.register_view import PagePlace, ShownRow

ROWS_A_PAGE = 50


def in_pages(rows: Iterable[ShownRow], size: int) -> Iterator[tuple[ShownRow, ...]]:
    """The rows, so many at a time; once nothing, if there is none."""
    taken = iter(rows)
    page = tuple(islice(taken, size))
    yield page
    while len(page) == size:
        page = tuple(islice(taken, size))
        if page:
            yield page


def page_of(
    rows: Iterable[ShownRow], begins: PagePlace | None
) -> tuple[tuple[ShownRow, ...], PagePlace | None]:
    """A page of ``rows``, which begin with the day of ``begins``; and where the next one begins."""
    taken = iter(rows)
    skipped = begins.skipped if begins else 0
    for _ in islice(taken, skipped):
        pass
    page = tuple(islice(taken, ROWS_A_PAGE))
    following = next(taken, None)
    if following is None:
        return page, None
    same_day = sum(row.on == following.on for row in page)
    is_begun_before = begins is not None and begins.on == following.on
    return page, PagePlace(following.on, same_day + (skipped if is_begun_before else 0))
