// The editor of the case text: CodeMirror with YAML, marks at their lines, search, undo.
//
// It lives in a shadow tree, where its style sheets are made by script: the workbench's page allows no others.
import { defaultKeymap, history, historyKeymap, insertNewlineKeepIndent, isolateHistory } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import type { Edit, Mark } from "../views/case_text/editor";
import { look, words } from "./look";

const shown = Annotation.define<true>();

export const edit: Edit = (host, text, typed) => {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        bracketMatching(),
        search({ top: true }),
        yaml(),
        syntaxHighlighting(words),
        look,
        EditorView.lineWrapping,
        // A new line begins where the last one did. Tab leaves the editor, as it leaves every field of a page.
        keymap.of([{ key: "Enter", run: insertNewlineKeepIndent }, ...searchKeymap, ...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ "aria-label": "Case text", tabindex: "0", spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((one) => one.annotation(shown))) typed(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    show(next) {
      const change = difference(view.state.doc.toString(), next);
      // A step of its own in the history. Left out of it, earlier steps would be moved along with a difference that does not
      // say which letters stayed, and undoing them would take away others.
      if (change) view.dispatch({ changes: change, annotations: [shown.of(true), isolateHistory.of("full")] });
    },
    mark: (marks) => view.dispatch(setDiagnostics(view.state, marks.map((one) => diagnostic(view.state.doc, one)))),
    jump(line, column) {
      const at = position(view.state.doc, line, column);
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      view.focus();
    },
    close: () => view.destroy(),
  };
};

/** What has to be replaced to make one text the other: all but the common beginning and end. */
export function difference(before: string, after: string): { from: number; to: number; insert: string } | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from++;
  let end = 0;
  while (end < most - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}

/** Where a line and a column of the checked text are; what has been deleted since is at the end. */
export function position(doc: Text, line: number, column: number): number {
  const found = doc.line(Math.max(1, Math.min(line, doc.lines)));
  return Math.min(found.from + Math.max(0, column - 1), found.to);
}

function diagnostic(doc: Text, { line, column, message, severity }: Mark): Diagnostic {
  const from = position(doc, line, column);
  const rest = doc.sliceString(from, doc.lineAt(from).to);
  const word = /^[\w.@-]+|^["'][^"']*["']?|^\S/.exec(rest)?.[0].length ?? 0;
  return { from, to: from + word, message, severity };
}
