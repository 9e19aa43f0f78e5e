"""Configs, pushes, faults, interruptions and other people in any order: each segment is created once, or reported."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import segdsl
from segdsl.config.check import CompiledSegment, compile_config
from segdsl.config.load import loads
from segdsl.planning.matching import make_plan, wanted_ids
from segdsl.planning.plan import Plan
from segdsl.planning.push import ConcurrentDuplicates, Push, PushReport
from segdsl.remote.meaning import Meaning
from segdsl.wire.segment import plain_name

from .model_server import GET_FAULTS, INTERRUPTIONS, LATE, POST_FAULTS, ModelServer

NAMES = (" A ", "B", "C", "D", "E", "F", "G", "Größe")
OTHER_NAMES = st.sampled_from(["A", "B", "B (1/2)", "B (2/3)"])
ONE_RULE = ("rating > 1", "rating > 2", "lastSeen within 7d", 'plan == "pro" and seats > 5', "0 < cqi <= 9")
WHERES = st.sampled_from([*ONE_RULE, 'plan == "pro" or rating > 2', 'seats >= 5 and plan == "pro"', "sentiment != 0.5"])
CONFIGS = st.dictionaries(st.sampled_from(NAMES), WHERES, min_size=2, max_size=6)
FAULTS = st.lists(st.sampled_from(["", *POST_FAULTS, *LATE]), min_size=1, max_size=6)
READ_FAULTS: st.SearchStrategy[list[str]] = st.one_of(
    st.just([]), st.lists(st.sampled_from(["", *GET_FAULTS]), max_size=6)
)


class PushMachine(RuleBasedStateMachine):
    """The world: a config, a server, and what everybody has done to the server so far."""

    @initialize(config=CONFIGS)
    def begin(self, config: dict[str, str]) -> None:
        self.server = ModelServer()
        self.config = config
        self.others = False  # has anybody else ever created a segment?

    # ── the config, and other people ───────────────────────────────────────────────────────────────────────────────

    @rule(config=CONFIGS)
    def edit(self, config: dict[str, str]) -> None:
        """Some are rewritten or changed, some removed."""
        self.config = {name: where for name, where in self.config.items() if name not in ("C", "D")} | config

    @rule(name=OTHER_NAMES, where=st.sampled_from([*ONE_RULE, "seats == 5"]))
    def somebody_creates(self, name: str, where: str) -> None:
        self.server.commit({"name": name, "filters": segdsl.compile(where).to_dict()})
        self.others = True

    @rule(room=st.integers(0, 3))
    def quota(self, room: int) -> None:
        self.server.quota = len(self.server.segments) + room

    @rule()
    def no_quota(self) -> None:
        self.server.quota = 1_000

    # ── pushes ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @rule()
    def push(self) -> None:
        plan, report = self._push()
        if self.server.quota == 1_000:
            assert report.is_complete
            again = self._plan()
            assert again.create == ()
            assert {differs.name for differs in again.differs} == {differs.name for differs in plan.differs}
            assert len(again.unchanged) == len(plan.unchanged) + len(plan.create)

    @rule(faults=FAULTS, read_faults=READ_FAULTS)
    def push_with_faults(self, faults: list[str], read_faults: list[str]) -> None:
        self._push(faults, read_faults)

    @rule(before=FAULTS, interruption=st.sampled_from(sorted(INTERRUPTIONS)))
    def push_and_interrupt(self, before: list[str], interruption: str) -> None:
        self._push([*before, interruption])

    @rule()
    def push_while_somebody_pushes_the_same(self) -> None:
        created: list[str] = []

        def create_too(body: object) -> None:
            created.append(self.server.commit(dict(body))["id"])  # type: ignore[call-overload]

        self.server.after_commit = create_too
        plan = self._plan()
        pushed = Push(plan)
        list(pushed.steps(self.server))
        self.server.after_commit = lambda body: None
        self.others = self.others or bool(created)
        search = ConcurrentDuplicates(plan, pushed.report)
        wanted = search.wanted(self.server.list_segments())
        found = search.found({id_: self.server.get_segment(id_) for id_ in wanted})
        told = {id_ for duplicate in found for id_ in duplicate.ids}
        assert told >= {*created, *(made.id for made in pushed.report.created)} if created else not told

    # ── what always holds ──────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def no_two_equal_segments(self) -> None:
        """For any number of pushes and any faults, as long as nobody else took part."""
        if not self.others:
            assert set(self._equal_segments().values()) <= {1}

    def _push(self, faults: list[str] | None = None, read_faults: list[str] | None = None) -> tuple[Plan, PushReport]:
        """One push to a server that has finished all earlier requests; its report is true."""
        plan = self._plan()
        before = self._equal_segments()
        self.server.post_faults.extend(faults or ())
        self.server.get_faults.extend(read_faults or ())
        pushed = Push(plan)
        interrupted = False
        try:
            list(pushed.steps(self.server))
        except KeyboardInterrupt:
            interrupted = True
        self.server.finish()
        report = pushed.report
        made = self._equal_segments() - before
        creates = {create.name: create.segment for create in plan.create}
        meant = {name: (plain_name(name), Meaning.of_compiled(segment.filters)) for name, segment in creates.items()}
        assert made <= Counter(meant.values())  # none twice, and nothing that was not wanted
        existing = {segment["id"] for segment in self.server.segments}
        assert {created.id for created in report.created} <= existing - plan.known_ids
        assert len({created.id for created in report.created}) == len(report.created)
        for name in (*(refused.name for refused in report.refused), *report.not_tried):
            others = sum(meant[other.name] == meant[name] for other in report.results if other.name != name)
            assert made[meant[name]] <= others  # segments reported as not created do not exist
        told = [*(outcome.name for outcome in report.results), *report.not_tried]
        assert told == list(creates)  # each is reported once
        assert not interrupted or len(report.may_have_been_created) == 1
        return plan, report

    def _plan(self) -> Plan:
        self.server.finish()
        listed = self.server.list_segments()
        desired = self._desired()
        return make_plan(desired, listed, {id_: self.server.get_segment(id_) for id_ in wanted_ids(desired, listed)})

    def _desired(self) -> tuple[CompiledSegment, ...]:
        tables = [
            f"[[segment]]\nname = '{name}'\nwhere = '{where}'\nsplit = true\n" for name, where in self.config.items()
        ]
        config, _ = loads("".join(tables), "segments.toml", "toml")
        return () if config is None else compile_config(config)[0]

    def _equal_segments(self) -> Counter[tuple[str, object]]:
        """How many segments of one name and meaning there are."""
        return Counter((plain_name(it["name"]), Meaning.of_json(it["filters"])) for it in self.server.segments)


TestPushMachine = PushMachine.TestCase
TestPushMachine.settings = settings(stateful_step_count=15)
