// What a check would say of a change itself, so that a form can say it before anything is entered.
import { entryOf, type Entry } from "./content";
import type { Operation, PreviewedMessage } from "./messages";

type Problems = PreviewedMessage["problems"];

/** The problems of what the operations write; those that the case had elsewhere are left out. */
export function newProblems(problems: Problems, operations: readonly Operation[], content: Entry): Problems {
  const places = operations.map((operation) => {
    if (!("path" in operation)) return null;
    const at = operation.path.reduce<unknown>((value, key) => entryOf(value)[String(key)], content);
    // What is put at the end of a list stands where the list ends now.
    return operation.kind === "insert" ? [...operation.path, Array.isArray(at) ? at.length : 0] : operation.path;
  });
  const isIn = (path: readonly (string | number)[], place: readonly (string | number)[]) => place.every((key, i) => String(path[i]) === String(key));
  return problems.filter(({ path }) => places.some((place) => place !== null && isIn(path, place)));
}
