import ts from 'typescript-5';

/** One change of a file that removes a guard or moves a bound. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** Where the changed text begins and ends. */
  readonly from: number;
  readonly to: number;
  readonly before: string;
  readonly after: string;
}

/** A file's text with a mutant in it. */
export const replaceIn = (text: string, { from, to, before, after }: Mutant): string => {
  if (text.slice(from, to) !== before) throw new Error(`the file has changed and no longer contains: ${before}`);
  return text.slice(0, from) + after + text.slice(to);
};

type Change = Pick<Mutant, 'from' | 'to' | 'after'>;

/** Every guard of a file: conditions, their operands, bounds, sums of times, statements, and the clauses of DynamoDB conditions. */
export const mutantsIn = (file: string, text: string): readonly Mutant[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const changes: Change[] = [];
  const visit = (node: ts.Node): void => {
    changes.push(...changesOf(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return changes.map((change) => ({
    ...change,
    file,
    line: source.getLineAndCharacterOfPosition(change.from).line + 1,
    before: text.slice(change.from, change.to),
  }));
};

const changesOf = (node: ts.Node): readonly Change[] => {
  if (ts.isIfStatement(node)) return always(node.expression);
  if (ts.isConditionalExpression(node)) return always(node.condition);
  if (ts.isBinaryExpression(node)) return ofBinary(node);
  if (ts.isCallExpression(node) && /^Math\.(?:max|min)$/.test(node.expression.getText())) {
    return node.arguments.map((argument) => replaced(node, argument.getText()));
  }
  if (ts.isExpressionStatement(node) && !/^(?:log|super)\(|^tally/.test(node.getText())) return [replaced(node, ';')];
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) {
    return ofCondition(node);
  }
  return [];
};

const replaced = (node: ts.Node, after: string): Change => ({ from: node.getStart(), to: node.getEnd(), after });

const always = (condition: ts.Expression): readonly Change[] =>
  ['true', 'false'].map((value) => replaced(condition, value));

const bounds: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

const ofBinary = (node: ts.BinaryExpression): readonly Change[] => {
  const { left, right, operatorToken } = node;
  const operator = operatorToken.getText();
  const moved = bounds[operator];
  if (moved !== undefined) return [replaced(operatorToken, moved)];
  if (/^(?:&&|\|\||\?\?)$/.test(operator)) return [left, right].map((operand) => replaced(node, operand.getText()));
  // The bound of a time.
  const isTime = /Ms$|Skew$|attempt$|closing$|leaseMargin$|renewal$|grace\w+$/.test(right.getText());
  return isTime && /^[+-]$/.test(operator) ? [replaced(node, left.getText())] : [];
};

const clause =
  /(?:attribute_not_exists|attribute_exists|begins_with)\([^)]*\)|(?:NOT )?#\w+ IN \([^)]*\)|#\w+ (?:=|<>|<=|<) :\w+/g;

/** Each clause of a DynamoDB condition as always true, and as always false. */
const ofCondition = (node: ts.Node): readonly Change[] => {
  const text = node.getText();
  if (!/#\w+ (?:=|<|IN)|attribute_/.test(text)) return [];
  return [...text.matchAll(clause)].flatMap(({ index, 0: found }) =>
    ['(attribute_exists(pk) OR attribute_not_exists(pk))', '(attribute_exists(pk) AND attribute_not_exists(pk))'].map(
      (after) => ({ from: node.getStart() + index, to: node.getStart() + index + found.length, after }),
    ),
  );
};
