"""The `Link` header (RFC 8288), as far as paging needs it."""

import re

# Possessive, so that a hostile header is read in linear time.
_LINK = re.compile(r'<([^<>]*+)>((?:[^,"<>]++|"(?:[^"\\]|\\.)*+")*+)')
_RELATION = re.compile(r';\s*+rel\s*+=\s*+(?:"([^"]*+)"|([^\s";,]++))', re.IGNORECASE)


def next_link(header: str) -> str | None:
    """The target of the first link whose relation is `next`, as written: absolute or relative. None without one."""
    for target, parameters in _LINK.findall(header):
        relation = _RELATION.search(parameters)
        if relation and "next" in (relation[1] or relation[2] or "").lower().split():
            return str(target).strip()
    return None
