"""Every bound of the compiler, with its default. Nothing is unbounded, and no bound is hidden elsewhere."""

from typing import Final

MAX_TEXT_LENGTH: Final = 65_536
"""Characters of one expression; longer ones are refused before they are read."""

MAX_NESTING: Final = 200
"""Levels of parentheses and `not` around one condition, in a text and in a tree."""

MAX_SEGMENTS: Final = 16
"""Filters objects that `compile_all` makes of one expression unless the caller says otherwise."""

MAX_CONJUNCTIONS: Final = 1_024
"""Conjunctions that the normal form holds at any moment; past it an expression is refused, not expanded."""

MAX_EXACT_CONJUNCTIONS: Final = 8
"""Up to this many conjunctions the number of segments is the exact minimum …"""

MAX_EXACT_FIELDS: Final = 3
"""… if they mention at most this many fields; beyond it no segment is redundant, but fewer might do."""

MAX_COMPARED: Final = 256
"""Conjunctions that are each compared with all others; past it none is dropped because the others cover it."""

MAX_WORK: Final = 250_000
"""Work to simplify one expression; the unit is one field of one conjunction, looked at or made once."""

MAX_COVER_STEPS: Final = 2_000
"""Cuts to find out whether some conjunctions cover another one; past it they are assumed not to."""

MAX_COVER_POINTS: Final = 20_000
"""Points of the space in which the exact minimum is searched; a larger one is not searched."""

MAX_SEARCH_STEPS: Final = 20_000
"""Choices tried in the search for the exact minimum; past it the conjunctions found before are used."""

MAX_PRIMES: Final = 400
"""Candidates for the exact minimum; with more, it is not searched."""

MAX_STRING_CELLS: Final = 2_048
"""Classes of strings into which `contains` and the order of strings may cut a property; past it they stay apart."""

MAX_COMPARED_PARTS: Final = 200
"""Parts of one `and` or `or` that are compared with one another; past it none is called redundant."""

MAX_PART_CONJUNCTIONS: Final = 64
"""Conjunctions that a part may become and still be compared in the search for redundant parts."""

MAX_DIAGNOSTICS: Final = 100
"""Diagnostics reported for one expression."""

MAX_SNIPPET: Final = 160
"""Cells of a source line that a rendered diagnostic shows at most; wider lines are shown in part."""

MAX_DURATION_DAYS: Final = 36_500
"""The longest duration, in days: a hundred years."""

MAX_SAFE_INTEGER: Final = 2**53 - 1
"""The largest integer that the server, being JavaScript, holds exactly."""

MAX_NAME_LENGTH: Final = 255
"""Length of a segment's name, in UTF-16 code units (page create-segment of the API reference)."""

MAX_ICON_LENGTH: Final = 50
"""Length of a segment's icon name, in UTF-16 code units (page create-segment of the API reference)."""

MAX_REQUEST_BODY: Final = 1_048_576
"""Bytes of a request's body that the sandbox reads; the largest body it accepts."""

REQUEST_TIMEOUT: Final = 60.0
"""Seconds for one exchange with the server, from connecting to the last byte of the answer."""

MAX_RETRIES: Final = 2
"""How often one request is repeated before its error is raised."""

RETRY_BUDGET: Final = 120.0
"""Seconds that one call may wait between attempts; a server that asks for more gets an error, not an early retry."""

MAX_REPLY_BYTES: Final = 8 * 1024 * 1024
"""Bytes of one answer, decompressed; reading stops there."""

MAX_PAGES: Final = 1_000
"""Pages of one listing (of 100 segments each)."""

MAX_LISTINGS: Final = 4
"""How often a list of several pages is read until two readings agree; past it nothing is created."""

MAX_ID_LENGTH: Final = 1_000
"""Characters of a segment's id; a server's are 36."""

MAX_URL_LENGTH: Final = 8_192
"""Characters of a base URL, or of a link to the next page; servers do not take longer ones."""

MAX_QUOTED_WORDS: Final = 300
"""Characters of a server's own words that an error message quotes."""

MAX_CONFIG_BYTES: Final = 64 * 1024 * 1024
"""Bytes of one config file; larger ones are refused, so that an endless file does no harm."""

MAX_CONFIG_NESTING: Final = 100
"""Levels of lists and tables in a config."""

MAX_KEY_PARTS: Final = 32
"""Parts of one dotted key in a TOML config: Python's own reader takes quadratic time for more."""

MAX_INCLUDED_FILES: Final = 100
"""Files that one config includes, directly or through others."""

MAX_ENTRIES_BELOW: Final = 20_000
"""Names in folders below a given one that are looked at, to say which configs there are not read."""

MAX_FIX_ROUNDS: Final = 20
"""How often `check --fix` checks a file again, for fixes that overlap or that other fixes make possible."""

MAX_CONDITIONS: Final = 20_000
"""Conditions in one expression once its definitions are expanded."""

MAX_READERS: Final = 16
"""Requests that `plan`, `push` and `pull` have under way at once while they read segments."""

READ_RETRIES: Final = 5
"""How often they repeat a read request: many at once may meet a rate limit, and reading twice does no harm."""

MEMORY_DAYS: Final = 7
"""Days that a machine remembers a segment that it created and that the server does not list yet."""

MAX_MEMORY_BYTES: Final = 16 * 1024 * 1024
"""Bytes of that memory; the rest is not read."""

LOCK_WAIT: Final = 600.0
"""Seconds that a push waits for another one from the same machine."""

MAX_RECORD_BYTES: Final = 16 * 1024 * 1024
"""Bytes of one user record in a file. A longer line is skipped; in CSV and in an array reading ends there."""

MAX_COUNT_MEMORY: Final = 2 * 1024**3
"""Bytes of memory that counting users may take; the rest goes to temporary files."""

MAX_SHOWN_USERS: Final = 200
"""Users of a file whom the studio shows one by one."""

SAMPLED_FROM: Final = 250_000
"""Users from which on the studio estimates; fewer are counted at once."""

SAMPLE_USERS: Final = 100_000
"""Users that it draws for estimates: of half of them, the count is off by less than half a percent."""

MAX_SHOWN_COLUMNS: Final = 8
"""Columns of a file of users that one error names."""
