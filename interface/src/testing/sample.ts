// A small answers document for tests: one thing hidden, one recorded, two open.
import FORMATS from "./formats.json";
import type { Answers, DiagramNode, NodeForecast, ValueForecast } from "../lib/answers";

export function value(name: string | number, probability: number, more: Partial<ValueForecast> = {}): ValueForecast {
  return {
    value: name, label: String(name), probability, low: probability / 2, high: (1 + probability) / 2, bounds: [probability, probability],
    word: "likely", prior: 0.5, quantiles: Array.from({ length: 19 }, () => probability), histogram: Array.from({ length: 20 }, (_, i) => (i === 9 ? 1 : 0)), ...more,
  };
}

export function forecast(node: string, values: ValueForecast[], more: Partial<NodeForecast> = {}): NodeForecast {
  return { node, title: node, date: null, observed: false, resolves: null, values, assumptions: [], ...more };
}

function node(name: string, kind: DiagramNode["kind"], parents: string[], more: Partial<DiagramNode> = {}): DiagramNode {
  return { name, title: name, about: "", kind, player: null, domain: [], date: null, parents, conditional: false, reasons: [], ...more };
}

export function sample(more: Partial<Answers> = {}): Answers {
  return {
    document: "backchannel-answers",
    version: "1.2",
    case: { name: "canal", title: "Canal", question: "", about: "", utility_unit: "tolls", as_of: "2031-04-02" },
    run: { draws: 64, draws_asked: 64, seed: 1, seconds: 1, versions: {} },
    certificate: { draws: 64, effective_draws: 60.5, left_out: 0, line: "64 draws" },
    answers: [{ name: "next", asks: "What next?", kind: "forecast", sentences: [], outcomes: ["parley"], what_ifs: [] }],
    forecasts: [
      forecast("resolve", [value("high", 0.4), value("low", 0.6)], { date: "2031-01-01" }),
      forecast("demand", [value(30, 1, { low: 1, high: 1 }), value(50, 0, { low: 0, high: 0 })], { date: "2031-03-10", observed: true }),
      forecast("parley", [value("talk", 0.7), value("wait", 0.3)], { date: "2031-05-01", resolves: { talk: "envoys meet before 1 June" } }),
      forecast("reply", [value("pay", 0.2), value("fight", 0.8)], { date: "2031-04-20" }),
    ],
    rounds: [],
    what_ifs: [],
    watch: { document: "backchannel-watch", case: "Canal", about: "parley", title: "parley", outcomes: ["talk", "wait"], labels: ["talk", "wait"], forecast: [0.7, 0.3], indicators: [], caption: "Events." },
    assumptions: [],
    matter_most: [],
    players: [
      { name: "aria", title: "Aria", about: "", misbelieves: "", believes: {} },
      { name: "borland", title: "Borland", about: "a neighbour", misbelieves: "takes Aria for weak", believes: { p_high: { true: 0.6, believed: 0.2 } } },
    ],
    nodes: [
      node("resolve", "chance", []),
      node("demand", "decision", [], { player: "aria", domain: [30, 50], date: "2031-03-10" }),
      node("reply", "decision", ["resolve", "demand"], { player: "borland", domain: ["pay", "fight"], date: "2031-04-20", reasons: [{ source: "inquiry", at: "p. 20", says: "they fought", judgement: "" }] }),
      node("parley", "decision", ["reply"], { player: "aria", domain: ["talk", "wait"], date: "2031-05-01" }),
    ],
    interests: [{ name: "income", player: "aria", about: "tolls", worth: "reply == 'pay'", parents: ["reply"], expected: 0.2 }],
    rules: [{ decision: "reply", sees: ["resolve", "demand"], actions: ["pay", "fight"], contexts: [["high", 30], ["high", 50], ["low", 30], ["low", 50]], probabilities: [[0.1, 0.9], [0, 1], [0.25, 0.75], [0.5, 0.5]] }],
    timeline: [
      { date: "2031-03-10", node: "demand", title: "demand", kind: "recorded", value: 30, source: "inquiry", reliability: 0.9 },
      { date: "2031-04-20", node: "reply", title: "reply", kind: "open", value: null, source: "", reliability: null },
      { date: "2031-05-01", node: "parley", title: "parley", kind: "open", value: null, source: "", reliability: null },
    ],
    sources: [{ name: "inquiry", title: "Blockade inquiry", author: "Canal Office", date: "2029-11-02", reported: null, url: "", grade: "B2", grade_in_words: "usually reliable, probably true", same_as: "" }],
    warnings: [],
    vocabulary: FORMATS.vocabulary,
    ...more,
  } as unknown as Answers;
}
