"""Every error of a text in one run: at each token that the parser cannot take, an error is reported and repaired.

The text stays refused; the repairs are only for the report. A parse without values goes from token to token and keeps
the stack before each (they share their tails, so this is cheap). Where it cannot go on, the first explanation that fits
returns the error and other tokens to go on with. If there are none, the condition becomes one unreadable token, and the
parse goes on at the next connective, bracket or scope clause on the same level. The resulting tokens are an expression;
parsing them gives the tree of everything that could be read.

Linear: a bounded number of repairs is made, and each looks at the text a bounded number of times.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import force_setattr

from segdsl.catalogue import BUILT_INS
from segdsl.diagnostics import Diagnostic, Edit, Fix
from segdsl.limits import MAX_DIAGNOSTICS, MAX_NESTING
from segdsl.source import Source, Span
from segdsl.syntax.actions import UNREADABLE, ParseContext, Problem
from segdsl.syntax.driver import run_kinds
from segdsl.syntax.errors.expected import CONNECTIVES
from segdsl.syntax.errors.explanations import explain, refusal_of_whole
from segdsl.syntax.errors.failure import OPENING, Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.tokens import Token, placed, row_of, tokens_of, tolerant_tokens
from segdsl.syntax.errors.words import form_of
from segdsl.syntax.names import KEYWORDS
from segdsl.syntax.nodes import Expression
from segdsl.syntax.spans import Places
from segdsl.syntax.stack import EMPTY
from segdsl.syntax.tables import ACTIONS

_KEYWORDS_OF_CLAUSES = ("DURING", "FROM", "TO", "FOR")
_IN_CLAUSE = frozenset(row[kind] for row in ACTIONS for kind in _KEYWORDS_OF_CLAUSES if row.get(kind, -1) >= 0)
"""The states after the first word of a scope clause, if it is not a name."""

_MAX_REPAIRS = 4 * MAX_DIAGNOSTICS
"""Some repairs report nothing, because they complete an earlier one."""

_LONGEST_RANGE = 8
"""The most tokens among which the `between` before an `and` is looked for."""

_NESTING = ("LPAR", "NOT", "BANG")
_AFTER_CLAUSE = CONNECTIVES | {"RPAR", "$END"}


class _RepairedTokens:
    """Repaired tokens, with their places in the text."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens

    def span(self, first: int, last: int) -> Span:
        """The span from the start of one token to the end of another; empty for one that has no place of its own."""
        if first == last and not self._tokens[first].has_place:
            return Span(self._tokens[first].span.start, self._tokens[first].span.start)
        return Span(self._tokens[first].span.start, max(self._tokens[last].span.end, self._tokens[first].span.start))

    def words(self) -> list[str]:
        """The texts of all tokens except the end, in lower case."""
        return [token.text.lower() for token in self._tokens[:-1]]


def repaired(
    source: Source, declared: Mapping[str, str | tuple[str, ...]] | None = None
) -> tuple[Expression | None, tuple[Diagnostic, ...], tuple[Span, ...]]:
    """The expression nearest to a text with errors, None if too much is wrong; the errors in order; guesses."""
    if (whole := refusal_of_whole(source)) is not None:
        return None, (whole,), ()
    recovery = _Recovery(source, declared)
    problems, expression = recovery.problems, None
    if recovery.run():
        tokens = recovery.tokens
        problems += [] if declared is not None else _doubtful_names(tokens, source)
        expression, context = _parsed(source, tokens)
        if context.problems:
            known = {problem.span for problem in problems}
            found = [_diagnostic(problem, tokens, source) for problem in context.problems if _is_own(problem, tokens)]
            problems += [problem for problem in found if problem.span not in known]
            expression, _ = _parsed(source, _without_problems(tokens, context, recovery.clauses))
    in_order = sorted(problems, key=lambda problem: problem.span)
    return expression, tuple(in_order[:MAX_DIAGNOSTICS]), tuple(recovery.guesses)


def _parsed(source: Source, tokens: list[Token]) -> tuple[Expression, ParseContext]:
    context = ParseContext(source.text, [row_of(token) for token in tokens], leaves=[])
    expression = run_kinds(context, [token.kind for token in tokens])
    force_setattr(expression, "places", Places(_RepairedTokens(tokens), context.leaves or [], context.clauses))
    return expression, context


def _doubtful_names(tokens: list[Token], source: Source) -> list[Diagnostic]:
    """A note for each bare name right after a repaired text and a connective: it may be another value."""
    return [
        Diagnostic.of(
            "bad-comparison",
            f"`{shown(name.text)}` is another value, or a property that is true",
            name.span,
            source,
            f"several values go in a list, after `in`; a property is asked for with `{shown(name.text)} == true`",
        )
        for value, connective, name, after in _after_values(tokens)
        if name.kind == "NAME"
        and value.kind == "STRING"
        and value.repaired
        and not name.repaired
        and connective.kind in CONNECTIVES
        and (after.kind in CONNECTIVES or after.kind in ("$END", "RPAR"))
        and name.text not in BUILT_INS
        and "." not in name.text
    ]


def _after_values(tokens: list[Token]) -> Iterator[tuple[Token, Token, Token, Token]]:
    """Each four tokens side by side; without a `not` as the third one before a name in the form of the first one."""
    for number, token in enumerate(tokens[:-3]):
        third = number + 2
        if tokens[third].kind in ("NOT", "BANG") and third + 2 < len(tokens):
            form = form_of(token.text[1:-1])
            third += form != "" and form == form_of(tokens[third + 1].text)
        yield token, tokens[number + 1], tokens[third], tokens[third + 1]


def _without_problems(tokens: list[Token], context: ParseContext, clauses: Sequence[int]) -> list[Token]:
    """The tokens with fixed names, and without the leaves and clauses that have other problems.

    `clauses` holds for each token the number of the first token of the scope clause before it.
    """
    edits: dict[tuple[int, int], str] = {}
    leaves = [leaf.whole for leaf in context.leaves or []]
    for problem in context.problems:
        if problem.replacement is not None and problem.code == "bad-name":
            edits[problem.first, problem.last] = problem.replacement
            continue
        at = bisect_right(leaves, (problem.first, len(tokens))) - 1
        if at >= 0 and problem.first <= leaves[at][1]:
            edits[leaves[at]] = UNREADABLE
        else:
            start = clauses[problem.first + 1]
            edits[start, min(bisect_right(clauses, start), len(tokens)) - 2] = ""  # without the end of the text
    return _edited(tokens, edits)


def _edited(tokens: list[Token], edits: dict[tuple[int, int], str]) -> list[Token]:
    found = list(tokens)
    end = len(tokens)
    for (first, last), text in sorted(edits.items(), key=lambda edit: (-edit[0][1], edit[0][0])):
        if last < end:  # an edit inside an earlier one is part of it
            found[first : last + 1] = tokens_of(text, Span(tokens[first].span.start, tokens[last].span.end))
            end = first
    return found


def _is_own(problem: Problem, tokens: list[Token]) -> bool:
    """Whether a problem is in the text, and not in its repairs."""
    return not any(token.repaired for token in tokens[problem.first : problem.last + 1])


def _diagnostic(problem: Problem, tokens: list[Token], source: Source) -> Diagnostic:
    whole = Span(tokens[problem.first].span.start, tokens[problem.last].span.end)
    if problem.end is not None:
        whole = Span(whole.start + problem.start, whole.start + problem.end)
    ways_out: list[Fix | str] = list(problem.help)
    if problem.replacement is not None:
        ways_out[0] = Fix(problem.help[0], (Edit(whole, problem.replacement),), safe=problem.code == "bad-string")
    return Diagnostic.of(problem.code, problem.message, whole, source, *ways_out)


class _Recovery:
    def __init__(self, source: Source, declared: Mapping[str, str | tuple[str, ...]] | None) -> None:
        self.source = source
        self._declared = declared
        self.tokens = tolerant_tokens(source.text)
        self.problems: list[Diagnostic] = []
        self.guesses: list[Span] = []
        self._repairs = 0
        self._stacks = [EMPTY]
        """The stack before each token that was reached."""
        self.clauses = [-1]
        """For each token the number of the first token of the scope clause before it; -1 in the condition."""

    def run(self) -> bool:
        """Whether the tokens are an expression now."""
        at = 0
        while at < len(self.tokens):
            kind = self.tokens[at].kind
            stack = self._stacks[at].after(kind, at)
            if stack is not None:
                begins_clause = kind in _KEYWORDS_OF_CLAUSES and stack.state in _IN_CLAUSE
                self._stacks.append(stack)
                self.clauses.append(at if begins_clause else self.clauses[at])
                at += 1
            elif len(self.problems) >= MAX_DIAGNOSTICS or self._repairs >= _MAX_REPAIRS:
                return False
            else:
                self._repairs += 1
                at = self._repaired(at)
        return not self._is_too_deep()

    def _repaired(self, at: int) -> int:
        """Reports the error of a token and repairs it; returns the number of the token to go on with."""
        failure = Failure(self.source, self.tokens, at, self._stacks[at], self.clauses[at], self._declared)
        if self.tokens[at].repaired:  # the error here was reported when it was repaired
            return self._given_up(failure)
        repair = explain(failure)
        if not any(repair.span == known.span for known in self.problems):
            self.problems.append(self._diagnostic(repair))
        if repair.edits and repair.title is None and not any(isinstance(one, Fix) for one in repair.help):
            self.guesses += [self._guess(edit) for edit in repair.edits]
        return self._edited(repair.edits) if repair.edits else self._given_up(failure)

    def _edited(self, edits: Sequence[TokenEdit]) -> int:
        """Makes the edits; returns the number of the first token that changed."""
        for edit in sorted(edits, key=lambda one: one.first, reverse=True):
            tokens = tokens_of(edit.text, self._span(edit))
            is_phrase = len(tokens) > 1 and edit.first < edit.last
            self.tokens[edit.first : edit.last] = placed(tokens, self.source.text) if is_phrase else tokens
        return self._back_to(min(edit.first for edit in edits))

    def _span(self, edit: TokenEdit) -> Span:
        """The span of an edit; for an insertion, an empty span before a token."""
        start = self.tokens[edit.first].span.start
        return Span(start, self.tokens[edit.last - 1].span.end if edit.first < edit.last else start)

    def _guess(self, edit: TokenEdit) -> Span:
        """The span where an edit guesses a meaning; empty if it only puts the written text in quotes."""
        span = self._span(edit)
        return Span(span.start, span.start) if edit.text[:1] == '"' else span

    def _back_to(self, at: int) -> int:
        del self._stacks[at + 1 :], self.clauses[at + 1 :]
        return at

    def _given_up(self, failure: Failure) -> int:
        """Leaves out the unreadable part, or puts an unreadable token in its place; returns where to go on."""
        at = failure.at
        if failure.clause >= 0:
            return self._left_out(failure.clause, self._next_clause(failure, max(at, failure.clause + 1)))
        if failure.is_complete and failure.begins_clause(at):  # in parentheses, where scope clauses are not allowed
            return self._left_out(at, self._next(at + 1, _AFTER_CLAUSE))
        begin, end = failure.begin, failure.end_of_condition(failure.begin)
        if end < at:  # the `and` of a range stands before
            end = failure.end_of_condition(at)
        if failure.is_end_of_range(end + 1) and any(
            token.kind == "BETWEEN" for token in self.tokens[max(begin, end - _LONGEST_RANGE) : end]
        ):  # or after
            end = failure.end_of_condition(end + 1)
        if failure.is_complete and (failure.kind in OPENING or failure.kind == "$END"):
            return self._closed(failure)
        if failure.is_complete and (at - begin > 1 or self.tokens[begin].text == UNREADABLE):
            return self._left_out(at, max(failure.end_of_condition(at), at + 1))  # and unreadable text after it
        span = Span(self.tokens[begin].span.start, self.tokens[max(end - 1, begin)].span.end)
        self.tokens[begin:end] = tokens_of(UNREADABLE, span)
        return self._back_to(begin)

    def _closed(self, failure: Failure) -> int:
        """Closes the open parenthesis at another bracket or the end; leaves out a bracket that closes none."""
        at = failure.at
        if "RPAR" not in failure.expected:
            return self._left_out(at, at + 1)
        after = at + (failure.kind != "$END")
        self.tokens[at:after] = tokens_of(")", failure.span)
        return self._back_to(at)

    def _left_out(self, first: int, last: int) -> int:
        self.guesses.append(Span(self.tokens[first].span.start, self.tokens[last - 1].span.end))
        del self.tokens[first:last]
        return self._back_to(first)

    def _next_clause(self, failure: Failure, number: int) -> int:
        while self.tokens[number].kind != "$END" and not failure.begins_clause(number):
            number += 1
        return number

    def _next(self, number: int, kinds: frozenset[str]) -> int:
        while self.tokens[number].kind not in kinds:
            number += 1
        return number

    def _is_too_deep(self) -> bool:
        """Whether the repaired tokens are nested too deeply, which is reported."""
        if len([token for token in self.tokens if token.kind in _NESTING]) <= MAX_NESTING:
            return False
        depth, outer, nots = 0, [], 0
        for token in self.tokens:
            if token.kind == "LPAR":
                outer.append(nots)
                depth, nots = depth + 1, 0
            elif token.kind in ("NOT", "BANG"):
                depth, nots = depth + 1, nots + 1
            elif token.kind == "RPAR":
                depth, nots = depth - nots - 1, outer.pop()
            elif token.kind in CONNECTIVES:
                depth, nots = depth - nots, 0
            if depth > MAX_NESTING:
                message = f"nested deeper than {MAX_NESTING} levels of parentheses and `not`"
                self.problems.append(Diagnostic("too-deep", message, token.span, self.source))
                return True
        return False

    # ── diagnostics ────────────────────────────────────────────────────────────────────────────────────────────────

    def _diagnostic(self, repair: Repair) -> Diagnostic:
        ways_out = list(repair.help)
        if repair.title is not None:
            edits = tuple([self._text_edit(edit) for edit in sorted(repair.edits, key=lambda one: one.first)])
            ways_out.insert(0, Fix(repair.title, edits, repair.safe))
        return Diagnostic.of(repair.code, repair.message, repair.span, self.source, *ways_out, notes=repair.notes)

    def _text_edit(self, edit: TokenEdit) -> Edit:
        """An edit of the tokens as one of the text, with the necessary blanks."""
        text, source = edit.text, self.source.text
        if edit.first == edit.last:
            is_before = edit.first == 0 or text[-1] in "[("
            start = end = self.tokens[edit.first].span.start if is_before else self.tokens[edit.first - 1].span.end
        else:
            start, end = self.tokens[edit.first].span.start, self.tokens[edit.last - 1].span.end
        if text[:1] in (",", "]", ")"):
            start -= len(source[:start]) - len(source[:start].rstrip(" "))
        if text.endswith(("[", "(")):
            end += len(source[end:]) - len(source[end:].lstrip(" "))
        if not text:  # one of two blanks is removed, too
            before, after = source[:start][-1:], source[end : end + 1]
            if after.isspace() and (not before or before.isspace() or before in "(["):
                end += 1
            elif before.isspace() and (not after or after in ")],"):
                start -= 1
            return Edit(Span(start, end), "")
        before, after = source[:start][-1:], source[end : end + 1]
        is_value = text[0] in "\"'.-0123456789"
        if not (before.isspace() or before in "([!" or text[0] in ",])" or (is_value and before in _SIGNS)):
            text = f" {text}"
        is_call = after == "(" and text.strip().lower() not in KEYWORDS
        if not (after.isspace() or after in ")],;" or text[-1] in "([" or is_call):
            text += " "
        return Edit(Span(start, end), text)


_SIGNS = ":=<>!~,;"
