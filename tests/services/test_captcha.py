"""Asking the captcha's provider."""

import pytest

from pythoughts.services.captcha import CaptchaDown, Solution, is_solved

YES = {"success": True, "action": "sign-up", "hostname": "localhost"}


@pytest.fixture
def ask(provider):
    def ask(token="human:sign-up", **columns):
        solution = Solution(token, **{"action": "sign-up", "hostname": "localhost"} | columns)
        return is_solved(solution, verify_url=f"{provider.url}/siteverify", secret="sesame")

    return ask


def test_a_solved_puzzle_passes_and_the_provider_hears_what_it_needs(ask, provider):
    assert ask(ip_address="203.0.113.7")
    (fields,) = provider.asked
    assert (fields["secret"], fields["response"], fields["remoteip"]) == ("sesame", "human:sign-up", "203.0.113.7")


def test_a_wrong_token_fails(ask):
    assert not ask("robot:sign-up")


@pytest.mark.parametrize("wrong", [{"action": "sign-in"}, {"hostname": "elsewhere.example"}])
def test_a_puzzle_solved_for_something_else_fails(ask, wrong):
    assert not ask(**wrong)


@pytest.mark.parametrize("missing", ["success", "action", "hostname"])
def test_what_the_provider_does_not_confirm_fails(ask, provider, missing):
    provider.answers = [YES | {missing: False}]
    assert not ask()


@pytest.mark.parametrize("token", ["", "x" * 3_000])
def test_what_can_be_no_token_is_not_asked_for(ask, provider, token):
    assert not ask(token)
    assert provider.asked == []


@pytest.mark.parametrize("first", [None, "no json", "[]", "{}", {"success": False, "error-codes": ["internal-error"]}])
def test_a_failed_answer_is_asked_for_once_more_with_the_same_key(ask, provider, first):
    provider.answers = [first, YES]
    assert ask()
    one, two = (fields["idempotency_key"] for fields in provider.asked)
    assert one == two


def test_two_failed_answers_are_enough(ask, provider):
    provider.answers = [None, "no json", YES]
    with pytest.raises(CaptchaDown):
        ask()
    assert len(provider.asked) == 2


def test_a_refused_secret_is_no_persons_fault(ask, provider):
    provider.answers = [{"success": False, "error-codes": ["invalid-input-secret"]}]
    with pytest.raises(CaptchaDown):
        ask()


def test_nobody_there_is_no_answer(free_port):
    with pytest.raises(CaptchaDown):
        is_solved(Solution("t", "a", "h"), verify_url=f"http://127.0.0.1:{free_port}/", secret="s")
