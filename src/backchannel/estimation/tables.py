"""Write a fit's regression table as LaTeX and as CSV."""

from __future__ import annotations

import csv
import io

from backchannel.estimation.compose import KINDS
from backchannel.estimation.document import FitView
from backchannel.files.marks import sign_text
from backchannel.files.spreadsheet import guard
from backchannel.language.formulas import describe_bases
from backchannel.language.visible import in_one_line

COLUMNS = ["coefficient", "estimate", "error", "z", "p", "low", "high"]
"""Of the table as CSV."""
COMMENT = "%"
"""Begins a comment in LaTeX."""

SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "λ": r"$\lambda$", "−": "$-$", "<": "$<$", ">": "$>$",
}  # fmt: skip


def as_csv(view: FitView) -> str:
    """One line a coefficient, with all digits; what is not known is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in view.coefficients:
        values = [row.estimate, row.error, row.z, row.p, row.low, row.high]
        writer.writerow(
            [guard(row.name), *("" if value is None else repr(value) for value in values)]
        )
    return text.getvalue()


def as_latex(view: FitView) -> str:
    r"""A `tabular` for `booktabs`: estimates with their standard errors in brackets beside them."""
    lines = [r"\begin{tabular}{lrrr}", r"\toprule", r" & Estimate & (Error) & $p$ \\"]
    shown = None
    for row in view.coefficients:
        if row.number != shown:
            lines += [r"\midrule"] if shown is None or row.covariate else []
            if row.covariate:
                lines.append(rf"\multicolumn{{4}}{{l}}{{\textit{{{_plain(row.number)}}}}} \\")
        shown = row.number
        name = row.covariate.replace("1", "Intercept") if row.covariate == "1" else row.covariate
        indent = r"\quad " if row.covariate else ""
        error = "" if row.error is None else f"({row.error:.3f})"
        estimate = r"\text{none}" if row.estimate is None else f"{row.estimate:.3f}"
        p = "" if row.p is None else ("$<$0.001" if row.p < 0.001 else f"{row.p:.3f}")
        lines.append(rf"{indent}{_plain(name or row.number)} & ${estimate}$ & {error} & {p} \\")
    lines.append(r"\midrule")
    lines.append(rf"Log likelihood & ${view.log_likelihood:.3f}$ & & \\")
    lines.append(rf"AIC, BIC & {view.aic:.2f} & {view.bic:.2f} & \\")
    lines.append(rf"Plays & {view.plays:.10g} & & \\")
    lines += [r"\bottomrule", r"\end{tabular}"]
    notes = [f"Standard errors {KINDS[view.errors]}."]
    if view.bases:
        notes.append(f"Base levels: {describe_bases(view.bases)}.")
    notes += [f"The maximum is not reliable: {line}." for line in view.trouble]
    return sign_text(
        "\n".join([*lines, "", *(f"% {in_one_line(note)}" for note in notes)]), COMMENT
    )


def _plain(text: str) -> str:
    return "".join(SPECIAL.get(letter, letter) for letter in in_one_line(text))
