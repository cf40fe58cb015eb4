/** The script of a workflow's one `run: |`, with the indentation taken off. */
export const runOf = (workflow: string): string => {
  const [, indentation = '', script = ''] = /^( *)run: \|\n(.*)/ms.exec(workflow) ?? [];
  const lines = script.trimEnd().split('\n');
  return lines.map((line) => line.slice(indentation.length + 2)).join('\n');
};
