"""The twelve ways in which a create can go, and what may come of each."""

from .fault_server import Behaviour, Exchange, honest_create


def dropped_before_commit(exchange: Exchange) -> None:
    exchange.drop()


def dropped_after_commit(exchange: Exchange) -> None:
    exchange.commit()
    exchange.drop()


def reset_after_commit(exchange: Exchange) -> None:
    exchange.commit()
    exchange.reset()


def error_before_commit(exchange: Exchange) -> None:
    exchange.answer(500, {"error": "internal"})


def error_after_commit(exchange: Exchange) -> None:
    exchange.commit()
    exchange.answer(500, {"error": "internal"})


def truncated_after_commit(exchange: Exchange) -> None:
    exchange.commit()
    exchange.answer(201, b'{"id": "segment-')


def html_after_commit(exchange: Exchange) -> None:
    exchange.commit()
    exchange.answer(201, b"<html>Created!</html>")


def slow_after_commit(exchange: Exchange) -> None:
    exchange.commit()
    exchange.stall()
    exchange.drop()


def committed_after_the_caller_left(exchange: Exchange) -> None:
    exchange.server.add_before_look(2, exchange.record)
    exchange.stall()
    exchange.drop()


def rate_limited(exchange: Exchange) -> None:
    exchange.answer(429, {"error": "slow down"}, [("Retry-After", "1")])


def over_quota(exchange: Exchange) -> None:
    exchange.answer(403, {"error": "the plan allows no more segments"})


CREATE_FAULTS: dict[str, Behaviour] = {
    behaviour.__name__: behaviour
    for behaviour in (
        honest_create,
        dropped_before_commit,
        dropped_after_commit,
        reset_after_commit,
        error_before_commit,
        error_after_commit,
        truncated_after_commit,
        html_after_commit,
        slow_after_commit,
        committed_after_the_caller_left,
        rate_limited,
        over_quota,
    )
}
