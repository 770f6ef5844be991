/** A table of Markdown; the first `left` columns are texts, the others figures. */
export function textTable(
  head: readonly string[],
  lines: readonly (readonly string[])[],
  left: number,
): string {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...lines.map((line) => line[at]?.length ?? 0)),
  );
  const padded = (cell: string, at: number): string => {
    const width = widths[at] ?? 0;
    return at < left ? cell.padEnd(width) : cell.padStart(width);
  };
  const row = (cells: readonly string[]): string => `| ${cells.map(padded).join(' | ')} |`;
  const rule = widths.map((width, at) => (at < left ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [row(head), row(rule), ...lines.map(row)].join('\n');
}
