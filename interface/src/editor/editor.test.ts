import { redo, undo } from "@codemirror/commands";
import { Text } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
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

/** An editor, what it tells, and the CodeMirror view inside it. */
function opened(text: string) {
  const host = document.body.appendChild(document.createElement("div"));
  const heard: string[] = [];
  const editor = edit(host, text, (typed) => heard.push(typed));
  const view = EditorView.findFromDOM(host.shadowRoot!.querySelector<HTMLElement>(".cm-editor")!)!;
  const now = () => view.state.doc.toString();
  const type = (from: number, to: number, insert: string) => view.dispatch({ changes: { from, to, insert }, userEvent: "input.type" });
  return { editor, heard, view, now, type };
}

test("undo after going back to the file brings back what was typed, and then the file, whole", () => {
  const file = "case: A talk\nas_of: 2031-01-01\n";
  const { editor, heard, view, now, type } = opened(file);
  [..."case: Other\n"].forEach((letter, i) => type(i, i, letter));
  const typed = now();
  editor.show(file);
  expect(now()).toBe(file);
  undo(view);
  expect(now()).toBe(typed);
  expect(heard.at(-1)).toBe(typed);
  while (undo(view));
  expect(now()).toBe(file);
  editor.close();
});

test("undoing everything visits only texts that were there, whatever was typed and shown in between", () => {
  let seed = 7;
  const below = (most: number) => (seed = (seed * 48271) % 2147483647) % most;
  const word = () => Array.from({ length: below(4) + 1 }, () => "ab\n"[below(3)]).join("");
  for (let round = 0; round < 15; round++) {
    const first = Array.from({ length: 4 }, word).join("");
    const { editor, view, now, type } = opened(first);
    const seen = new Set([first]);
    for (let step = 0; step < 12; step++) {
      const from = below(now().length + 1);
      if (below(2)) type(from, Math.min(now().length, from + below(3)), word());
      else editor.show(below(2) ? first : now().slice(0, from) + word() + now().slice(from + below(2)));
      seen.add(now());
    }
    const last = now();
    while (undo(view)) expect(seen).toContain(now());
    expect(now()).toBe(first);
    while (redo(view)) expect(seen).toContain(now());
    expect(now()).toBe(last);
    editor.close();
  }
});
