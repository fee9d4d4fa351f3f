import pytest

from broker.wording.names import called, greeting


@pytest.mark.parametrize(
    ("language", "name", "welcome"),
    [
        ("zh-CN", "张女士", "张女士，您好"),
        ("en", "Ms 张", "Welcome, Ms 张"),
        ("zh-TW", "张女士", "张女士，您好"),
    ],
)
def test_a_visitor_is_greeted_as_their_language_greets(
    language: str, name: str, welcome: str
) -> None:
    assert called("张", "女士", language) == name
    assert greeting("张", "女士", language) == welcome


def test_without_a_name_the_greeting_names_nobody() -> None:
    assert called(None, "女士", "zh-CN") is None
    assert greeting(None, None, "zh-CN") == "您好"
    assert greeting(None, None, "en") == "Welcome"


def test_a_salutation_that_nobody_translated_is_said_as_it_came() -> None:
    assert called("张", "总", "en") == "张总"
    assert called("张", None, "en") == "张"
