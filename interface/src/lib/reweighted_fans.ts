// What an intervention does to a repeated outcome, round by round, with the draws reweighted; defined
// as in `questions/rounds/changed_fans.py`.
import type { ChangedFan, WhatIf } from "./answers";
import { movedBounds } from "./bounds";
import type { Column, Sides, Weights } from "./draws";
import { dot, ranked, reweighted } from "./reweigh";

/** Reweight the fans whose rounds are all known draw by draw; the others stay as they are. */
export function reweightedFans(whatIf: WhatIf, drawn: ReadonlyMap<string, Sides>, by: Weights): ChangedFan[] {
  return (whatIf.fans ?? []).map((fan) => ({
    ...fan,
    points: fan.points.map((point) => {
      const sides = drawn.get(`${fan.node}@${point.round}`);
      if (!sides) return point;
      const moved = changed(fan, sides, by);
      return { ...point, ...moved, bounds: movedBounds(point.bounds, moved.difference, whatIf.left_out) };
    }),
  }));
}

function changed(fan: ChangedFan, sides: Sides, by: Weights): Omit<ChangedFan["points"][number], "round" | "label"> {
  const side = (of: (one: Sides["values"][number]) => Column) => numbers(fan, sides, of, by.length);
  const [before, after] = [side((one) => one.before), side((one) => one.after)];
  const gap = after.map((number, draw) => number - before[draw]!);
  const known = sides.before.map((weight, i) => (Number.isFinite(gap[i]) ? Math.min(weight, sides.after[i]!) : 0));
  const weights = reweighted(known, by);
  // A draw without weight may have no number (nan), which would make the sum nan.
  const sum = (values: Float64Array) => dot(values.map((value) => (Number.isFinite(value) ? value : 0)), weights);
  const order = Array.from(gap.keys()).filter((draw) => weights[draw]! > 0).sort((a, b) => gap[a]! - gap[b]!);
  const [low, high] = order.length ? ranked(order, (draw) => gap[draw]!, weights, [0.05, 0.95]) : [0, 0];
  return { before: sum(before), after: sum(after), after_independent: null, difference: sum(gap), low: low!, high: high! };
}

/** In every draw, the chance of the fan's value; if the fan is of a number, its expected value without n/a. */
function numbers(fan: ChangedFan, sides: Sides, of: (one: Sides["values"][number]) => Column, draws: number): Float64Array {
  const { value } = fan;
  const there = sides.values.filter((one) => (value === null ? typeof one.value === "number" : one.value === value));
  return Float64Array.from({ length: draws }, (_, draw) => {
    let [sum, mass] = [0, 0];
    for (const one of there) {
      const chance = of(one).at(draw);
      mass += chance;
      sum += chance * Number(one.value);
    }
    return value === null ? sum / mass : mass;
  });
}
