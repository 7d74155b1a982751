// SVG does not break lines, so we break the text of a picture ourselves.

/** Mean width of a letter as a share of the font size; rather too wide than too narrow, so that texts do not overlap. */
const LETTER = 0.6;

/** The approximate width of a text, in pixels. */
export function widthOf(text: string, size: number): number {
  return text.length * size * LETTER;
}

/** The lines of a text that fit a width. Longer words are broken. There is at least one line, and nothing is cut off. */
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
