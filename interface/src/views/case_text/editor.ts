// The editor of the case text: what it can do, and how it is fetched.
//
// It is a script of its own, which the workbench gives on demand: the report shows no editor and is not to carry one.
export interface Mark {
  /** From 1; 0 where it concerns the whole text. */
  line: number;
  column: number;
  message: string;
  severity: "error" | "warning";
}

export interface Editor {
  /** Show another text; what stays the same keeps its place, and the cursor its line. */
  show: (text: string) => void;
  mark: (marks: Mark[]) => void;
  /** Put the cursor there, and the line into sight. */
  jump: (line: number, column: number) => void;
  close: () => void;
}

/** Make an editor inside an element; `typed` hears of every change by hand. */
export type Edit = (host: HTMLElement, text: string, typed: (text: string) => void) => Editor;

declare global {
  var BackchannelEditor: { edit: Edit } | undefined;
}

let fetching: Promise<Edit> | undefined;

/** The editor, fetched once. */
export function fetchEditor(address = "/editor.js"): Promise<Edit> {
  fetching ??= new Promise<Edit>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => (globalThis.BackchannelEditor ? resolve(globalThis.BackchannelEditor.edit) : script.onerror?.(new Event("error")));
    script.onerror = () => {
      fetching = undefined;
      script.remove();
      reject(new Error("The editor could not be fetched from the workbench."));
    };
    document.head.append(script);
  });
  return fetching;
}
