import { expect, test } from "vitest";
import { append, set } from "./entries";
import { newProblems } from "./new_problems";

const problem = (message: string, ...path: (string | number)[]) => ({ line: 1, column: 1, message, path });

test("a form tells the problems of what it writes, and no older ones", () => {
  const content = { record: [{ node: "gone" }], nodes: { reply: { at: "soon" } } };
  const problems = [problem("old", "record", 0, "node"), problem("new", "record", 1, "date"), problem("old", "nodes", "reply", "at"), problem("new", "nodes", "offer", "at"), problem("old", "as_of")];
  const told = newProblems(problems, [set(["nodes", "offer"], {}), append(["record"], {})], content);
  expect(told.map(({ message }) => message)).toEqual(["new", "new"]);
  expect(newProblems([problem("first", "claims", 0, "test")], [append(["claims"], {})], {})).toHaveLength(1);
});
