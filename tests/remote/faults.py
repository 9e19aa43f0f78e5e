"""The ways in which a create and a listing can go wrong."""

from typing import Any

from .fault_server import Behaviour, Exchange, honest_create, honest_list, page_of


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


def lower_cased(exchange: Exchange) -> dict[str, Any]:
    """A server that changes names."""
    return exchange.server.add(**exchange.record | {"name": exchange.record["name"].upper().replace(" ", "  ")})


def changed(exchange: Exchange) -> dict[str, Any]:
    """A server that changes filters."""
    return exchange.server.add(**exchange.record | {"filters": {"rules": exchange.record["filters"]["rules"][:1]}})


def renamed_on_creation(exchange: Exchange) -> None:
    exchange.answer(201, lower_cased(exchange))


def renamed_and_dropped(exchange: Exchange) -> None:
    lower_cased(exchange)
    exchange.drop()


def renamed_and_an_error(exchange: Exchange) -> None:
    lower_cased(exchange)
    exchange.answer(500, {"error": "internal"})


def changed_on_creation(exchange: Exchange) -> None:
    exchange.answer(201, changed(exchange))


def changed_and_dropped(exchange: Exchange) -> None:
    changed(exchange)
    exchange.drop()


def changed_and_an_error(exchange: Exchange) -> None:
    changed(exchange)
    exchange.answer(500, {"error": "internal"})


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
        renamed_on_creation,
        renamed_and_dropped,
        renamed_and_an_error,
        changed_on_creation,
        changed_and_dropped,
        changed_and_an_error,
    )
}


# ── listings ───────────────────────────────────────────────────────────────────────────────────────────────────────


def without_link(exchange: Exchange) -> None:
    """A proxy has removed the `Link` header."""
    exchange.answer(200, page_of(exchange)[0])


def broken_link(exchange: Exchange) -> None:
    """A header that mentions `next`, in a form that nobody can follow."""
    shown, following = page_of(exchange)
    exchange.answer(200, shown, [("Link", f"{following}; rel=next")] if following else [])


def moving(exchange: Exchange) -> None:
    """After the first page of the first two listings somebody deletes a segment of it, and all others move up."""
    shown, following = page_of(exchange)
    exchange.answer(200, shown, [("Link", f'<{following}>; rel="next"')] if following else [])
    is_first_page = "page=1&" in exchange.target
    if is_first_page and following and len(exchange.server.received("list")) <= 4:
        exchange.server.segments.remove(next(one for one in exchange.server.segments if one["name"] == "Stranger"))


LIST_FAULTS: dict[str, Behaviour] = {
    behaviour.__name__: behaviour for behaviour in (honest_list, without_link, broken_link, moving)
}
