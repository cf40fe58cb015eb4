/** Lines of a Markdown table. */
export const tableOf = (rows: readonly Readonly<Record<string, string>>[]): readonly string[] => {
  const names = Object.keys(rows[0] ?? {});
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => row[name]?.length ?? 0)));
  const line = (values: readonly string[]) =>
    `| ${values.map((value, nth) => value.padStart(widths[nth] ?? 0)).join(' | ')} |`;
  return [
    line(names),
    `|${widths.map((width) => `${'-'.repeat(width + 1)}:|`).join('')}`,
    ...rows.map((row) => line(Object.values(row))),
  ];
};
