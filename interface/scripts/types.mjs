// Write the types of the answers document from its schema.
// pydantic gives every field a title, and a reference a description of its own; both would become a type
// with a number at its end (Reading1, Title7). Without them one piece is one type.
import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

const schema = JSON.parse(await readFile("answers.schema.json", "utf8"));

function plain(part, isField = false) {
  if (Array.isArray(part)) return part.map((one) => plain(one));
  if (part === null || typeof part !== "object") return part;
  if (part.$ref) return { $ref: part.$ref };
  const kept = Object.entries(part).filter(([key, value]) => !(isField && key === "title" && typeof value === "string"));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (key === "properties") {
        return [key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one, true)]))];
      }
      if (key === "$defs") {
        return [key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))];
      }
      // A tuple, in the spelling of the draft that the compiler knows.
      return [key === "prefixItems" ? "items" : key, plain(value, true)];
    }),
  );
}

const text = await compile(plain(schema), "Answers", {
  additionalProperties: false,
  bannerComment: "// Written by `npm run types` from answers.schema.json: change the schema, not this file.",
});
await writeFile("src/lib/answers.ts", text);
