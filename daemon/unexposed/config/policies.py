"""`[policy.NAME]` tables -> whole policies, each filled in from the one that it extends."""

from __future__ import annotations

import msgspec

from unexposed.config.decode import Table
from unexposed.config.problems import Problems, did_you_mean, quoted
from unexposed.policy import BUILT_IN, Policy


def resolve(tables: dict[str, Table], problems: Problems) -> dict[str, Policy]:
    """Return every policy by name, the built-in ones among them.

    A table named like a built-in policy changes that one; any other starts
    from the policy that its `extends` names, "metadata" without it. Unknown
    names and circles are noted in `problems`, and such policies left out.
    """
    names = {*BUILT_IN, *tables}
    order = list(tables)
    resolved: dict[str, Policy] = {}
    for name in (*BUILT_IN, *tables):
        chain = _chain(name, tables)
        last = chain[-1]
        if last not in names:
            if name == chain[-2]:  # told once, where it is written
                text = f"extends {quoted(last)}, which does not exist; {did_you_mean(last, sorted(names))}"
                problems.add(("policy", name, "extends"), text)
            continue
        if last in chain[:-1]:
            if name == last == min(chain, key=order.index):
                circle = " extends ".join(quoted(each) for each in chain)
                text = f'{circle}, in a circle; write extends = "metadata" in one of them'
                problems.add(("policy", name, "extends"), text)
            continue
        policy = BUILT_IN[last]
        for each in reversed(chain):
            policy = msgspec.structs.replace(policy, **tables.get(each, {}))
        resolved[name] = policy
    return resolved


def _chain(name: str, tables: dict[str, Table]) -> list[str]:
    """List a policy and those that it extends in turn.

    The last is a built-in one that stands by itself, else one that does not
    exist, else one that came before.
    """
    chain = [name]
    while name in tables:
        parent: str = tables[name].get("extends", name if name in BUILT_IN else "metadata")
        if parent == name and name in BUILT_IN:
            break
        chain.append(parent)
        if parent in chain[:-1]:
            break
        name = parent
    return chain
