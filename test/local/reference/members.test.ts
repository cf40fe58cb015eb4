import { describe, expect, it } from 'vitest';
import { memberTable } from '../../../infra/local/reference/members.ts';

/** The cells of each row, as texts. */
const rowsOf = (...schema: Parameters<typeof memberTable>) =>
  [...memberTable(...schema).html.matchAll(/<tr>(<td>.*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell = '']) => cell.replace(/<[^>]+>/g, '')),
  );

describe('the members of a body', () => {
  it('are those of its objects and lists, too', () => {
    const item = { type: 'object', properties: { type: { type: 'string', enum: ['A', 'B'] } }, required: ['type'] };
    const schema = { type: 'object', properties: { paths: { type: 'array', items: item, minItems: 1, maxItems: 10 } } };
    expect(rowsOf(schema)).toEqual([
      ['paths', 'list of objects', '1 to 10 items'],
      ['paths[].type required', 'string', 'A or B'],
    ]);
  });

  it('have the alternatives and rules of each', () => {
    const text = { type: 'string', minLength: 1, description: 'A `name`.' };
    const list = { type: 'array', items: { type: 'string', maxLength: 64 } };
    const properties = { text, list: { anyOf: [list, { type: 'null' }] }, any: {} };
    expect(rowsOf({ properties })).toEqual([
      ['text', 'string', 'at least 1 characterA name.'],
      ['list', 'list of strings or null', 'each 0 to 64 characters'],
      ['any', 'any', ''],
    ]);
  });
});
