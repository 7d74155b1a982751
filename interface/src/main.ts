// The start of the page: the report and the workbench run this file, the notebook widget calls `mount`.
import { mount as mountComponent, unmount } from "svelte";
import "$theme";
import "./styles.css";
import App from "./App.svelte";
import Live from "./Live.svelte";
import Start from "./start/Start.svelte";
import { remember } from "./views/share/page";
import { readAnswers } from "./lib/read_answers";
import { Workspace } from "./lib/workspace.svelte";

/** Draw an answers document inside an element; returns a function that removes it. */
export function mount(target: HTMLElement, text: string): () => void {
  remember(target);
  target.replaceChildren();
  const found = readAnswers(text);
  const app = mountComponent(App, {
    target,
    props: "problem" in found ? { problem: found.problem } : { workspace: new Workspace(found.answers) },
  });
  return () => void unmount(app);
}

const host = document.getElementById("backchannel");
const answers = document.getElementById("answers")?.textContent;
if (host && answers) mount(host, answers);
else if (host) {
  const { live, cases, start } = host.dataset;
  // The token is used once and must not stay in the address bar; a case has an address of its own.
  if (live !== undefined || cases !== undefined) history.replaceState(null, "", `${live ?? location.pathname}${location.hash}`);
  if (live !== undefined) mountComponent(Live, { target: host, props: { start } });
  else if (cases !== undefined) mountComponent(Start, { target: host, props: { notice: cases } });
}
