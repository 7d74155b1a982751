"""A case of 60 nodes, to see whether a large diagram can be read and edited."""

from __future__ import annotations

from datetime import date, timedelta

PLAYERS = {
    "harbour": "Harbour Authority",
    "union": "Dockers' Union",
    "ministry": "Ministry of Trade",
    "lines": "Shipping Lines",
    "city": "City Council",
}
NODES = 60
START = date(2030, 1, 15)


def large_case() -> str:
    """The text of the case: 40 decisions by five players, 12 chance and 8 derived nodes, 15 interests."""
    lines = [
        "case: The harbour dispute",
        "question: How does the harbour dispute end?",
        "utility_unit: a year of harbour fees",
        "as_of: 2030-11-30",
        "sources:",
        "  logbook: {title: The harbour log}",
        "players:",
        *(f"  {name}: {{name: {title}, precision: 4}}" for name, title in PLAYERS.items()),
        "nodes:",
    ]
    interests = ["interests:"]
    owners = list(PLAYERS)
    decisions: list[str] = []
    for i in range(40):
        owner, day = owners[(i * 2) % 5], START + timedelta(days=18 * i)
        name = f"{owner}_step_{i + 1}"
        seen = [*decisions[-2:]]
        if i % 10 in (0, 3, 6):
            lines += [
                f"  event_{i + 1}:",
                f"    title: Market after week {2 * i + 1}",
                "    chance: true",
                "    domain: [calm, tense]",
                "    odds: {calm: 3, tense: 1}",
                f"    at: {day - timedelta(days=4)}",
            ]
            seen.append(f"event_{i + 1}")
        lines += [
            f"  {name}:",
            f"    title: {PLAYERS[owner]} answers in round {i // 5 + 1}",
            f"    player: {owner}",
            "    domain: [yields, holds]",
            f"    sees: [{', '.join(seen)}]",
            f"    at: {day}",
        ]
        decisions.append(name)
        if i % 5 == 4:
            lines += [
                f"  standing_{i // 5 + 1}:",
                f"    title: Standing after round {i // 5 + 1}",
                f"    derived: \"({name} == 'yields') + ({decisions[-2]} == 'yields')\"",
                "    domain: [0, 1, 2]",
                f"    at: {day + timedelta(days=1)}",
            ]
    for i, owner in enumerate(owners * 3):
        own = [name for name in decisions if name.startswith(owner)]
        mine, other = own[2 * (i // 5)], decisions[min(13 * (i // 5) + i + 1, 39)]
        interests.append(
            f"  {owner}_gain_{i // 5 + 1}: {{player: {owner}, "
            f"about: {PLAYERS[owner]} gets its way in part {i // 5 + 1}, "
            f"worth: \"({other} == 'yields') - 0.4 * ({mine} == 'yields')\"}}"
        )
    record = [
        "record:",
        f"  - {{node: {decisions[0]}, value: yields, date: {START}, source: logbook}}",
        "questions:",
        f"  end: {{forecast: {decisions[-1]}}}",
    ]
    return "\n".join([*lines, *interests, *record]) + "\n"
