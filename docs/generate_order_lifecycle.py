"""Writes docs/reference/order-lifecycle.md from the table of the order lifecycle.

python docs/generate_order_lifecycle.py
"""

from __future__ import annotations

from pathlib import Path

from barter_python.engine.state.order.lifecycle import TRANSITIONS, OrderInput, OrderPhase

__all__ = ["PAGE", "main", "render"]

PAGE = Path(__file__).parent / "reference" / "order-lifecycle.md"

_INTRODUCTION = """\
# The lifecycle of an order

What the engine knows of an order, and what changes it. `Untracked` is an order that was never seen, or has ended: only orders
that may still be filled are kept. Made by `docs/generate_order_lifecycle.py` from the table that the engine follows, which is in
`barter_python.engine.state.order.lifecycle`.
"""


def render() -> str:
    """The page."""
    return "\n".join([_INTRODUCTION, *_diagram(), "", *_table(), ""])


def _diagram() -> list[str]:
    """One arrow for each pair of phases, with the inputs that lead from the one to the other."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for phase, inputs in TRANSITIONS.items():
        for following in OrderPhase:
            names = [event.name for event in OrderInput if inputs[event] is following and following is not phase]
            if names:
                lines.append(f"    {_node(phase)} --> {_node(following)}: {', '.join(names)}")
    return [*lines, "```"]


def _node(phase: OrderPhase) -> str:
    return "[*]" if phase is OrderPhase.UNTRACKED else phase.value


def _table() -> list[str]:
    lines = ["| input | " + " | ".join(phase.value for phase in TRANSITIONS) + " |", "|---" * (len(TRANSITIONS) + 1) + "|"]
    for event in OrderInput:
        cells = (inputs[event] for inputs in TRANSITIONS.values())
        words = (f"**{cell.value}**" if isinstance(cell, OrderPhase) else f"ignored: {cell}" for cell in cells)
        lines.append(f"| {event.name}: {event.value} | {' | '.join(words)} |")
    return lines


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
