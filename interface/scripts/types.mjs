// Write the types of the answers document and of the workbench's messages from their schemas.
// pydantic gives every field a title, and a reference a description of its own; both would become a type
// with a number at its end (Reading1, Title7). Without them one model is one type.
import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

/** A schema without what would give one type several names. */
function plain(part, isField = false) {
  if (Array.isArray(part)) return part.map((item) => plain(item));
  if (part === null || typeof part !== "object") return part;
  if (part.$ref) return { $ref: part.$ref };
  const isList = !part.prefixItems;
  const entries = Object.entries(part).filter(
    ([key, value]) => !(isField && key === "title" && typeof value === "string") && !(isList && (key === "minItems" || key === "maxItems")),
  );
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (key === "properties") return [key, each(value, (field) => plain(field, true))];
      if (key === "$defs") return [key, each(value, (model) => plain(model))];
      // A tuple, in the spelling of the draft that the compiler knows.
      return [key === "prefixItems" ? "items" : key, plain(value, true)];
    }),
  );
}

const each = (parts, change) => Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, change(part)]));

/** The names of the answers document's types that a schema refers to (`tsType`). */
function borrowed(part) {
  if (part === null || typeof part !== "object") return [];
  return [...(typeof part.tsType === "string" ? [part.tsType.replace("[]", "")] : []), ...Object.values(part).flatMap(borrowed)];
}

async function write(name, title) {
  const schema = JSON.parse(await readFile(`${name}.schema.json`, "utf8"));
  const { constants = {}, ...models } = schema;
  const imports = [...new Set(borrowed(models))].sort();
  const head = [
    `// Written by \`npm run types\` from ${name}.schema.json: change the schema, not this file.`,
    ...(imports.length ? [`import type { ${imports.join(", ")} } from "./answers";`] : []),
    ...Object.entries(constants).map(([constant, value]) => `export const ${constant} = ${JSON.stringify(value)};`),
  ];
  const types = await compile(plain(models), title, { additionalProperties: false, bannerComment: head.join("\n") });
  await writeFile(`src/lib/${name}.ts`, types);
}

await write("answers", "Answers");
await write("messages", "Messages");
