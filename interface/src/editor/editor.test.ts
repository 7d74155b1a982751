import { Text } from "@codemirror/state";
import { expect, test } from "vitest";
import { difference, edit, position } from "./editor";

test("only what differs is replaced, so that the cursor keeps its place", () => {
  expect(difference("a: 1\nb: 2\n", "a: 1\nb: 30\n")).toEqual({ from: 8, to: 9, insert: "30" });
  expect(difference("aa", "aaa")).toEqual({ from: 2, to: 2, insert: "a" });
  expect(difference("aaa", "aa")).toEqual({ from: 2, to: 3, insert: "" });
  expect(difference("same", "same")).toBeNull();
});

test("a place that is no longer there is put at the end of what is", () => {
  const doc = Text.of(["one", "two"]);
  expect([position(doc, 1, 1), position(doc, 2, 2), position(doc, 2, 99), position(doc, 9, 1), position(doc, 0, 0)]).toEqual([0, 5, 7, 4, 0]);
});

test("what is shown from elsewhere is not told as typed, and text stays text", () => {
  const host = document.body.appendChild(document.createElement("div"));
  const heard: string[] = [];
  const editor = edit(host, "case: one\n", (text) => heard.push(text));
  editor.show("case: <img src=x onerror=alert(1)>\n");
  editor.mark([{ line: 1, column: 7, message: "<b>no</b>", severity: "error" }]);
  expect(heard).toEqual([]);
  expect(host.shadowRoot!.querySelector(".cm-content")!.textContent).toContain("<img src=x");
  expect(host.shadowRoot!.querySelector("img, b")).toBeNull();
  editor.close();
});
