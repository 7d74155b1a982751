// Draws for tests whose answers are known in closed form. One assumption is normal, an outcome is linear in it, and
// every rank occurs once, so that sums over draws equal integrals up to a small remainder.
import type { Draws } from "../lib/answers";
import { normalQuantile } from "../lib/normal";

export const COUNT = 4096;
const SHARES = [0.005, ...Array.from({ length: 99 }, (_, i) => (i + 1) / 100), 0.995];
const ranks = Array.from({ length: COUNT }, (_, i) => (i + 0.5) / COUNT);
// Another order of the same ranks that is independent of the first: steps of the golden section.
const others = ranks.map((_, i) => ranks[(i * 2531 + 17) % COUNT]!);

const base64 = (numbers: Uint8Array) => btoa(Array.from(numbers, (byte) => String.fromCharCode(byte)).join(""));
export const column = (shares: number[]) => base64(new Uint8Array(Uint16Array.from(shares, (share) => Math.round(share * 65535)).buffer));
export const weights = (numbers: number[]) => base64(new Uint8Array(Float32Array.from(numbers).buffer));

const straight = ranks.map((rank) => 0.5 + 0.1 * normalQuantile(rank));
const changed = straight.map((chance) => Math.min(chance + 0.05, 1));

/** `height` is normal with mean 10 and spread 2; `other` is lognormal. `yes` has the chance 0.5 + 0.1 z. */
export const DRAWS: Draws = {
  count: COUNT,
  weights: weights(ranks.map(() => 1 / COUNT)),
  prior_weights: weights(ranks.map(() => 1 / COUNT)),
  caption: "4,096 draws.",
  assumptions: [
    { parameter: "height", exact: false, scores: column(ranks), quantiles: SHARES.map((share) => 10 + 2 * normalQuantile(share)) },
    { parameter: "other", exact: true, scores: column(others), quantiles: SHARES.map((share) => Math.exp(normalQuantile(share))) },
  ],
  forecasts: [{ node: "outcome", values: [{ value: "yes", given_record: column(straight), prior: column(straight) }, { value: "no", given_record: "", prior: "" }] }],
  what_ifs: [
    {
      name: "push",
      outcomes: [
        {
          node: "outcome",
          values: [{ value: "yes", before: column(straight), after: column(changed) }, { value: "no", before: "", after: "" }],
          weights_before: null,
          weights_after: null,
        },
      ],
    },
  ],
};
