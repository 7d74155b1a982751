import { expect, test } from "vitest";
import { readAnswers } from "./read_answers";

const problem = (text: string) => {
  const found = readAnswers(text);
  return "problem" in found ? found.problem : "";
};

test("a document of a newer version is refused with what to do", () => {
  expect(problem('{"document": "backchannel-answers", "version": "2.0"}')).toContain("Use a newer Backchannel");
});

test("a minor version only adds fields, so it is read", () => {
  expect(readAnswers('{"document": "backchannel-answers", "version": "1.99"}')).toHaveProperty("answers");
});

test("what is not an answers document, or cut off, says so", () => {
  expect(problem('{"document": "letter"}')).toContain("not an answers document");
  expect(problem('{"document": ')).toContain("cut off");
  expect(problem("null")).toContain("not an answers document");
});
