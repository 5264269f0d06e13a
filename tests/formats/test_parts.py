from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.builders.plans import apply
from unexposed.formats import Keep, Plan, Put, coalesce, composed

SOURCE = bytes(range(32))


def plans(size: int) -> st.SearchStrategy[Plan]:
    """Plans for a source of so many bytes, in any order, with steps that do nothing among them."""
    border = st.integers(0, size)
    kept = st.tuples(border, border).map(lambda pair: Keep(min(pair), max(pair)))
    return st.lists(kept | st.binary(max_size=6).map(Put), max_size=8)


@given(plans(len(SOURCE)))
def test_a_coalesced_plan_makes_the_same_in_steps_that_cannot_be_joined(plan: Plan) -> None:
    joined = coalesce(plan)
    assert apply(SOURCE, joined) == apply(SOURCE, plan)
    assert all(apply(SOURCE, [step]) for step in joined)
    for left, right in pairwise(joined):
        assert not (isinstance(left, Put) and isinstance(right, Put))
        assert not (isinstance(left, Keep) and isinstance(right, Keep) and left.end == right.start)


@given(st.data())
def test_a_composed_plan_makes_what_one_plan_after_the_other_makes(data: st.DataObject) -> None:
    inner = data.draw(plans(len(SOURCE)))
    made = apply(SOURCE, inner)
    outer = data.draw(plans(len(made)))
    plan = composed(outer, inner)
    assert apply(SOURCE, plan) == apply(made, outer)
    assert plan == coalesce(plan)


def test_plans_of_many_steps_are_composed_in_one_pass() -> None:
    steps = 50_000
    inner = [step for at in range(steps) for step in (Keep(3 * at, 3 * at + 2), Put(b"x"))]
    outer = [Keep(2 * at, 2 * at + 1) for at in range(steps)]
    assert len(composed(outer, inner)) == steps
    assert coalesce([Put(b"x")] * steps) == [Put(b"x" * steps)]
