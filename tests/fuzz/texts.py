"""Texts to try: mutations of real cases and games, and expressions, formulas and tables from grammars."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

ROOT = Path(__file__).parent.parent.parent
CASES = [
    (ROOT / "src/backchannel/catalog" / name / "case.yaml").read_text()
    for name in ("sanctions-threat", "signalling", "selten-1975-horse")
] + [path.read_text() for path in sorted((ROOT / "tests/cases").glob("*.yaml"))]
GAMES = [
    'EFG 2 R "g" { "a" "b" }\np "" 1 1 "" { "l" "r" } 0\nt "" 1 "" { 1, 2 }\n'
    'c "" 1 "" { "x" 1/3 "y" 2/3 } 0\np "" 2 1 "" { "u" "d" } 0\nt "" 2 "" { 0, 1 }\n'
    't "" 3 "" { 3, 1 }\np "" 2 1 "" { "u" "d" } 0\nt "" 2 "" { 0, 1 }\nt "" 4 "" { 2.5, 1e2 }\n'
]
PLAYS = "z,weather,trip,size\n1,storm,stays,1\n2.5,calm,sails,3\n,calm,,2\n"

ODD = [
    "\0", "\ufeff", "\u202e", "\x1b[31m", "\u2028", "\x85", "\r", "\t", "😀", "ｘ", "²", "\ud800", "\ue03f",
    "nan", ".nan", "inf", "1e999", "-1e308", "9" * 400, "1" * 5000, "0x1F", "1_000", "n/a", "~", "null", "{}",
    "[]", "[[[[", "{a: ", "- - - ", "? ", "&a ", "*a", "<<: ", "!x ", "|", ">", "'", '"', "#", ": ", ", ", "%",
    "@", "`", "\\", "a@1", "a@prev", "a@1..99999", "rest", "else", "table", "9999-12-31", "0001-01-01",
    "true", "[" * 200, "{x: " * 200, "(" * 300, "- " * 300, "x" * 20_000, "a, " * 5_000, "k: 1\n" * 2_000,
]  # fmt: skip
"""Pieces that are put into a text somewhere."""


@st.composite
def mutated(draw: st.DrawFn, texts: list[str]) -> str:
    """One of some texts with a few places cut, doubled, spliced or spoilt."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 60)))
        kind = draw(st.sampled_from(["odd", "cut", "end", "double", "splice", "number", "indent"]))
        if kind == "odd":
            text = text[:start] + draw(st.sampled_from(ODD)) + text[end:]
        elif kind == "cut":
            text = text[:start] + text[end:]
        elif kind == "end":
            text = text[:start]
        elif kind == "double":
            times = draw(st.sampled_from([2, 3, 50, 500]))
            text = text[:start] + text[start:end] * times + text[end:]
        elif kind == "splice":
            other = draw(st.sampled_from(texts))
            at = draw(st.integers(0, len(other)))
            text = text[:start] + other[at : at + draw(st.integers(0, 400))] + text[end:]
        elif kind == "number":
            digit = next((i for i in range(start, len(text)) if text[i].isdigit()), None)
            if digit is not None:
                number = draw(
                    st.sampled_from(["-1", "0", "1e300", "1e999", "99999999999", "0.3333"])
                )
                text = text[:digit] + number + text[digit + 1 :]
        else:
            line = text.rfind("\n", 0, start) + 1
            text = text[:line] + " " * draw(st.integers(1, 9)) + text[line:]
    return text[:200_000]


def cases() -> st.SearchStrategy[str]:
    """Case files, spoilt; and texts that are none."""
    return mutated(CASES) | st.text(max_size=300) | st.sampled_from(ODD)


def games() -> st.SearchStrategy[str]:
    """Gambit files, spoilt."""
    return mutated(GAMES)


def tables() -> st.SearchStrategy[str]:
    """Tables of plays, spoilt."""
    return mutated([PLAYS, PLAYS + "3,storm,sails,2\n" * 2_000]) | st.text(max_size=200)


_LEAVES = st.sampled_from(
    ["trip", "weather", "size", "shift", "cost", "tirp", "'stays'", "'calm'", "'n/a'", "1", "0", "2.5", "1e308", "1j",
     "None", "True", "...", "b'x'", "f'{x}'", "x.y", "ｘ", "size@2", "9**9**9", "'\\d'", "1 is 1", "", "P(trip)",
     "best(trip)", "E(comfort)"]
)  # fmt: skip


def _wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def joined(sign: str) -> st.SearchStrategy[str]:
        return st.tuples(inner, inner).map(lambda two: f"({two[0]}{sign}{two[1]})")

    signs = [
        "+",
        "-",
        "*",
        "/",
        "**",
        " and ",
        " or ",
        "==",
        "!=",
        "<",
        "<=",
        " if 1 else ",
        ",",
        " in ",
        "@",
    ]
    calls = [
        "min({}, {})",
        "exp({})",
        "not {}",
        "-{}",
        "{} in [1, {}]",
        "1 < {} < 2",
        "log({})",
        "{}[0]",
        "({}",
    ]
    return st.one_of(
        st.sampled_from(signs).flatmap(joined),
        st.tuples(st.sampled_from(calls), inner).map(lambda two: two[0].replace("{}", two[1])),
    )


def expressions() -> st.SearchStrategy[str]:
    """Expressions from a grammar that is somewhat too wide; and deep ones of one kind."""
    deep = st.tuples(
        st.sampled_from([("(", "x", ")"), ("not ", "1", ""), ("-", "size", ""), ("(1<", "shift", ")<1"),
                         ("(", "size", ") in [1,2,3]"), ("abs(", "size", ")"), ("", "size", "+size"),
                         ("1 if size else ", "0", ""), ("[", "1", "]"), ("{1:", "1", "}")]),
        st.sampled_from([5, 16, 30, 59, 100, 400, 1300]),
    ).map(lambda two: two[0][0] * two[1] + two[0][1] + two[0][2] * two[1])  # fmt: skip
    return st.recursive(_LEAVES, _wider, max_leaves=30) | deep | st.text(max_size=60)


def tests() -> st.SearchStrategy[str]:
    """Tests of claims."""
    inside = st.recursive(_LEAVES, _wider, max_leaves=8)
    options = st.sampled_from(
        ["", ", do={'trip': 'stays'}", ", do={1: [2]}", ", given=size == 1", ", undo='x'", ", z=1"]
    )
    asked = st.tuples(st.sampled_from(["P", "E", "best"]), inside, options)
    one = asked.map(lambda three: f"{three[0]}({three[1]}{three[2]})")
    return st.tuples(one, st.sampled_from([" > 0.5", " == 'stays'", "", " < P(size == 1)"])).map(
        "".join
    )


def formulas() -> st.SearchStrategy[str]:
    """Formulas of covariates, and what is none."""
    leaves = st.sampled_from(
        ["1", "0", "z", "y", "C(z)", "poly(z, 3)", "bs(z, df=4)", "log(z)", "(z + 1)", "`a b`", "np.log(z)",
         "__import__('os')", "z.x", "'z'", "", "1e999", "(1 | z)", "{z}"]
    )  # fmt: skip
    signs = st.sampled_from(["+", "-", "*", ":", "**", "^", "|", "~", "/", "%in%"])
    joined = st.lists(st.tuples(leaves, signs), max_size=8).map(
        lambda parts: "1 + " + " ".join(f"{leaf} {sign}" for leaf, sign in parts) + " z"
    )
    powers = st.integers(1, 60).map(lambda n: f"(z + 1)**{n}")
    return joined | powers | st.text(max_size=40)
