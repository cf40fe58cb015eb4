import { type JSONPath, printParseErrorCode, visit } from 'jsonc-parser';
import { maximumViolations, Problem, type Violation } from '../problems.ts';
import { depthOf } from './depth.ts';
import { pointerTo, targetOf } from './pointer.ts';

/** Maximum nesting of objects and arrays: half of EventBridge's, so that both doors agree. */
export const maximumDepth = 500;

/**
 * Parses JSON (RFC 8259) into a value that every parser reads the same. The last of repeated members counts; a number that
 * a double cannot represent and a member named `__proto__` are refused; a leading byte order mark is ignored. `matters`
 * selects the paths whose numbers are checked.
 * @throws Problem INVALID_REQUEST (400) with the first syntax error, or up to `maximumViolations` violations
 */
export const parseJson = (marked: string, matters: (path: JSONPath) => boolean = () => true): unknown => {
  const text = withoutByteOrderMark(marked);
  if (text.length > maximumDepth && depthOf(text) > maximumDepth) {
    throw unreadable([{ code: 'INVALID_VALUE', message: `the body nests deeper than ${maximumDepth} levels` }]);
  }
  const value = parse(text);
  if (value === invalid || suspicious.test(text)) {
    const violations = inspect(text, value === invalid, matters);
    if (violations.length > 0) throw unreadable(violations);
  }
  return value;
};

/** JSON text without a leading byte order mark, which RFC 8259 8.1 lets a parser ignore. */
export const withoutByteOrderMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

const invalid = Symbol('not JSON');

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // V8's message quotes the text, and often has no position.
    return invalid;
  }
};

/** A cheap test without false negatives: fewer than 16 digits without an exponent survive a double. */
const suspicious = /__proto__|\\u|(?:^|[[:,\s])-?(?:[\d.]{16}|[\d.]+[eE])/;

const inspect = (text: string, syntax: boolean, matters: (path: JSONPath) => boolean): Violation[] => {
  const violations: Violation[] = [];
  const report = (path: JSONPath, message: string) =>
    violations.push({
      code: 'INVALID_VALUE',
      message: `${targetOf(path)} ${message}`,
      target: targetOf(path),
      pointer: pointerTo(path),
    });
  visit(
    text,
    {
      onObjectProperty: (name, _offset, _length, _line, _column, path) => {
        if (name !== '__proto__' || violations.length === maximumViolations) return;
        report([...path(), name], 'is not allowed as a member name');
      },
      onLiteralValue: (value, offset, length, _line, _column, path) => {
        if (typeof value !== 'number' || violations.length === maximumViolations) return;
        const source = text.slice(offset, offset + length);
        if (decimal(source) !== decimal(String(value)) && matters(path())) {
          report(path(), `must fit a 64-bit float; it would become ${JSON.stringify(value)}`);
        }
      },
      onError: (error, _offset, _length, line, column) => {
        if (!syntax) return;
        const message = `the body is not JSON at line ${line + 1}, column ${column + 1}: ${printParseErrorCode(error)}`;
        // This parser would continue, and an unterminated string makes it nest deeper than `depthOf` counted.
        throw unreadable([{ code: 'INVALID_VALUE', message }]);
      },
    },
    { disallowComments: true },
  );
  return syntax ? [{ code: 'INVALID_VALUE', message: 'the body is not JSON' }] : violations;
};

const unreadable = (violations: Violation[]) =>
  new Problem('INVALID_REQUEST', 'The body cannot be read as JSON; see details.', { violations });

/** The normal form of a number's text: equal for equal values, so `1.50e1` equals `15`. */
const decimal = (source: string): string => {
  const [mantissa = '', exponent = '0'] = source.toLowerCase().replace(/^[-+]/, '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutTrailingZeros(digits);
  return significant === ''
    ? '0'
    : `${significant}e${digits.length - significant.length + Number(exponent) - fraction.length}`;
};

/** In linear time, unlike `/0+$/`. */
const withoutTrailingZeros = (digits: string): string => {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
};
