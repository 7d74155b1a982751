// Read an answers document, or say why it cannot be shown.
import type { Answers } from "./answers";

const MAJOR = 1;

export type Found = { answers: Answers } | { problem: string };

/** The document in a text; a newer major version is refused, newer minor ones only add fields. */
export function readAnswers(text: string): Found {
  let document: Partial<Answers>;
  try {
    document = JSON.parse(text) as Partial<Answers>;
  } catch {
    return { problem: "This page contains no readable answers: the file may be cut off. Write it again with `backchannel run`." };
  }
  if (document?.document !== "backchannel-answers") {
    return { problem: "This is not an answers document. `backchannel run CASE --json FILE` writes one." };
  }
  const major = Number.parseInt(document.version ?? "", 10);
  if (major !== MAJOR) {
    return {
      problem: `These answers are written in version ${document.version} of the format; this page reads version ${MAJOR}. ` +
        (major > MAJOR ? "Use a newer Backchannel to look at them." : "Run the case again with this Backchannel."),
    };
  }
  return { answers: document as Answers };
}
