import { type Markup, markup, withCode } from '../web/markup.ts';
import type { Schema } from './document.ts';

interface Member {
  /** `paths[].type`. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly rules: readonly string[];
  readonly description: string;
}

/** The members of a body, each in a row, with those of its objects and lists. */
export const memberTable = (schema: Schema): Markup =>
  markup`<div class="table" tabindex="0"><table>
<thead><tr><th scope="col">Member</th><th scope="col">Type</th><th scope="col">Rules</th></tr></thead>
<tbody>${membersOf(schema).map(row)}</tbody>
</table></div>`;

const row = ({ name, type, isRequired, rules, description }: Member): Markup =>
  markup`<tr><td><code>${name}</code>${isRequired && markup` <span class="required">required</span>`}</td><td>${type}</td><td>${rules.join(', ')}${description !== '' && markup`<p>${withCode(description)}</p>`}</td></tr>`;

const membersOf = ({ properties = {}, required = [] }: Schema, prefix = ''): readonly Member[] =>
  Object.entries(properties).flatMap(([own, member]) => {
    const name = prefix + own;
    const { description = '' } = member;
    const type = typeOf(member);
    const isRequired = required.includes(own);
    return [
      { name, type, isRequired, rules: rulesOf(member), description },
      ...variantsOf(member).flatMap((variant) => [
        ...membersOf(variant, `${name}.`),
        ...(variant.items ? membersOf(variant.items, `${name}[].`) : []),
      ]),
    ];
  });

/** The alternatives of a member, without null. */
const variantsOf = (schema: Schema): readonly Schema[] =>
  schema.type === undefined && schema.anyOf ? schema.anyOf.flatMap(variantsOf) : schema.type === 'null' ? [] : [schema];

const typeOf = (schema: Schema): string => {
  const names = variantsOf(schema).flatMap(({ type = 'any', items }) =>
    type === 'array' && items ? `list of ${typeOf(items)}s` : type,
  );
  return [...new Set(names), ...(isNullable(schema) ? ['null'] : [])].join(' or ');
};

const isNullable = ({ type, anyOf = [] }: Schema): boolean => type === 'null' || anyOf.some(isNullable);

const rulesOf = (schema: Schema): readonly string[] =>
  variantsOf(schema).flatMap(({ enum: values, format, minLength, maxLength, minItems, maxItems, items }) => [
    ...(values ? [values.join(' or ')] : []),
    ...(format ? [format] : []),
    ...range(minLength, maxLength, 'characters'),
    ...range(minItems, maxItems, 'items'),
    ...(items && items.properties === undefined ? rulesOf(items).map((rule) => `each ${rule}`) : []),
  ]);

const range = (least: number | undefined, most: number | undefined, unit: string): readonly string[] => {
  if (most !== undefined) return [`${least ?? 0} to ${most.toLocaleString('en')} ${unit}`];
  return least === undefined ? [] : [`at least ${least} ${least === 1 ? unit.slice(0, -1) : unit}`];
};
