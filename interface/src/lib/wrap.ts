// Text in a picture breaks where we break it: SVG has no lines of its own.

/** Mean width of a letter beside the size of its type; on the wide side, so that nothing runs into its neighbour. */
const LETTER = 0.6;

/** About how wide a text is, in pixels. */
export function widthOf(text: string, size: number): number {
  return text.length * size * LETTER;
}

/** The lines of a text that is to fit a width; a word that does not is broken. Never empty, never cut off. */
export function wrap(text: string, width: number, size: number): string[] {
  const most = Math.max(4, Math.floor(width / (size * LETTER)));
  const lines: string[] = [];
  let line = "";
  for (let word of text.split(/\s+/).filter(Boolean)) {
    if (line && line.length + 1 + word.length > most) {
      lines.push(line);
      line = "";
    }
    while (word.length > most) {
      lines.push(word.slice(0, most));
      word = word.slice(most);
    }
    line = line ? `${line} ${word}` : word;
  }
  return line || !lines.length ? [...lines, line] : lines;
}
