// The requests of the start page: one at a time, each answered by the server.
import type { StartAnswer, StartRequest } from "../lib/messages";

type Answer<Type extends StartAnswer["type"]> = Extract<StartAnswer, { type: Type }>;
const NO_ANSWER = "The workbench does not answer. Start it again in the terminal: backchannel serve";
const NO_KEY = "The key of this page is no longer valid. Open the link that `backchannel serve` printed.";

/** Ask the server; rejected with words that the user can act on. */
export async function ask<Type extends StartAnswer["type"]>(request: StartRequest, type: Type, send: typeof fetch = fetch): Promise<Answer<Type>> {
  let response: Response;
  try {
    response = await send("/start", { method: "POST", body: JSON.stringify(request), headers: { "Content-Type": "application/json" } });
  } catch {
    throw new Error(NO_ANSWER);
  }
  if (!response.ok) throw new Error(response.status === 403 ? NO_KEY : NO_ANSWER);
  const answer = (await response.json()) as StartAnswer;
  if (answer.type === "start_error") throw new Error(answer.message);
  if (answer.type !== type) throw new Error(NO_ANSWER);
  return answer as Answer<Type>;
}

/** A file name for a title: letters, digits and hyphens. */
export function fileName(title: string): string {
  const plain = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "");
  return `${plain.slice(0, 60) || "case"}.yaml`;
}
