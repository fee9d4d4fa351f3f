"""Every complaint of msgspec about a setting has a sentence of ours."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from shared.misfit import misfit
from shared.words import Sentence

Word = Annotated[str, Meta(pattern="^x", min_length=2, max_length=3)]


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (str, 3, "应为带引号的文字，不是整数。"),
        (bool, "x", "应为 true 或 false"),
        (int | None, "x", "应为整数，不是带引号的文字。"),
        (date, 3.5, "应为日期，不是数字。"),
        (tuple[str, ...], {"a": 1}, "应为列表 [ ]，不是一组设置。"),
        (Word, "yy", "格式不对。"),
        (Word, "x", "太短，至少 2 个。"),
        (Word, "xxxx", "太长，最多 3 个。"),
        (Annotated[int, Meta(ge=1)], 0, "太小，最小为 1。"),
        (Annotated[int, Meta(le=9)], 10, "太大，最大为 9。"),
        (Annotated[float, Meta(gt=0)], 0.0, "应大于 0.0。"),
        (Annotated[float, Meta(lt=1)], 1.0, "应小于 1.0。"),
        (datetime, "x", "应为带日期的时间"),
        (Annotated[datetime, Meta(tz=True)], "2026-11-30T00:00:00", "应为带日期的时间"),
        (Literal["a", "b"], "c", "不在可选的值之中。"),
    ],
)
def test_a_complaint_is_told_in_the_reader_s_language(kind: Any, value: Any, said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(value, type=kind)
    sentence = misfit(str(caught.value))
    assert isinstance(sentence, Sentence)
    assert sentence.in_language("zh-CN").replace("应为true", "应为 true").startswith(said)


def test_words_that_nobody_knows_stay_as_they_are() -> None:
    assert misfit("the moon is full") == "the moon is full"
