// Save a file through the reader's browser; nothing is sent to a server.

/** What can be saved: a text, bytes, or a blob that the browser made. */
export type Contents = string | Uint8Array<ArrayBuffer> | Blob;

const TYPES: Record<string, string> = {
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  csv: "text/csv;charset=utf-8",
  html: "text/html;charset=utf-8",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  zip: "application/zip",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  yaml: "application/yaml",
};

/** Offer a file for saving under a name; the ending says what it is. */
export function save(name: string, contents: Contents): void {
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  const blob = contents instanceof Blob ? contents : new Blob([contents], { type });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the address after this task, and some browsers only after the reader has chosen a folder.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const LONGEST = 60;

/** A file name that says what is inside and is valid on every system: the parts in order, without spaces. */
export function fileName(parts: string[], ending: string): string {
  const name = parts.map(plain).filter(Boolean).join("_");
  return `${name || "backchannel"}.${ending}`;
}

function plain(text: string): string {
  const letters = text
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "")
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, "-");
  return [...letters].slice(0, LONGEST).join("").replace(/^-+|-+$/g, "");
}
