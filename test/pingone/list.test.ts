import { describe, expect, it } from 'vitest';
import { ListIncomplete, listPages } from '../../lib/pingone/list.ts';

const path = '/environments/e/connectorInstances';
const self = { href: `https://api.pingone.com/v1${path}` };
const next = { href: `https://api.pingone.com/v1${path}?cursor=2` };
const row = { id: 'i1', name: 'One' };

/** Lists a collection with these pages in turn; returns the requested paths, too. */
const listed = async (...pages: unknown[]) => {
  const asked: string[] = [];
  const get = async (at: string) => {
    asked.push(at);
    const page = pages.shift();
    const [status, body] = Array.isArray(page) ? page : [200, page];
    return { status, headers: {}, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
  };
  const rows = await listPages(path, get, Date.now);
  return { rows, asked };
};

const of = (rows: unknown, more: object = {}) => ({
  _links: { self },
  _embedded: { connectorInstances: rows },
  ...more,
});

describe('a list of PingOne', () => {
  it('is read page by page', async () => {
    const { rows, asked } = await listed(of([row], { _links: { self, next } }), of([{ id: 'i2' }], { count: 2 }));
    expect(rows).toEqual([row, { id: 'i2' }]);
    expect(asked).toEqual([path, `${path}?cursor=2`]);
  });

  it.each([
    ['no _embedded', { _links: { self }, count: 0, size: 0 }],
    ['no _embedded and no count', { _links: { self } }],
    ['no _embedded and no links', { count: 0 }],
    ['no _embedded and a size of none', { size: 0 }],
    ['null for _embedded', { _links: { self }, _embedded: null }],
    ['nothing in _embedded', { _embedded: {} }],
    ['null for its rows', { _embedded: { connectorInstances: null } }],
    ['no rows', of([])],
    ['no rows, of a page that could have had more', of([], { count: 0, size: 100 })],
    ['links in another spelling', { _links: { self: { href: `HTTPS://API.PINGONE.COM/V1${path.toUpperCase()}/` } } }],
    ['links to nowhere', { _links: { self: null, environment: 'x' } }],
    ['null for its counts', { _links: { self }, count: null, size: null }],
  ])('is empty with %s', async (_, page) => {
    expect((await listed(page)).rows).toEqual([]);
  });

  it.each([
    ['a count of some and no rows', { _links: { self }, count: 1 }],
    ['a size of some and no rows', { _links: { self }, size: 1 }],
    ['a count that cannot be read and no rows', { _links: { self }, count: 'one' }],
    ['a count of more than its rows', of([row], { count: 2 })],
    ['a count of some and an empty array', of([], { count: 3 })],
    ['an error of PingOne’s', { id: 'e', code: 'NOT_FOUND', message: 'm', _links: { self } }],
    ['an error of PingOne’s beside rows', of([row], { code: 'REQUEST_FAILED', message: 'm' })],
    ['an error of another server', { message: 'Forbidden' }],
    ['a resource in its place', { ...row, _links: { self } }],
    ['an empty object', {}],
    ['an array', [200, []]],
    ['null', [200, 'null']],
    ['text', [200, '<html>']],
    ['no body', [200, '']],
    ['the links of something else', { _links: { self: { href: 'https://api.pingone.com/v1/environments/e' } } }],
    ['the rows of something else', { _links: { self }, _embedded: { connectors: [row] } }],
    ['rows that are no array', of({ i1: row })],
    ['an _embedded that is no object', { _links: { self }, _embedded: 'x' }],
    ['links that are no object', of([row], { _links: 'x' })],
    ['a next page that cannot be read', of([row], { _links: { next: { href: null } } })],
    ['a next page elsewhere', of([row], { _links: { next: { href: `https://api.pingone.com${path}/i1` } } })],
    ['another status', [404, of([row])]],
    ['a status of partial content', [206, of([row])]],
  ])('is incomplete with %s', async (_, page) => {
    await expect(listed(page)).rejects.toThrow(ListIncomplete);
  });

  it('ends if the next page is null', async () => {
    expect((await listed(of([row], { _links: { self, next: null } }))).rows).toEqual([row]);
    expect((await listed(of([row], { _links: null }))).rows).toEqual([row]);
  });

  it('continues after an empty page', async () => {
    expect((await listed(of([], { _links: { next }, size: 0, count: 1 }), of([row], { count: 1 }))).rows).toEqual([
      row,
    ]);
  });

  it('keeps every row, whatever the others contain', async () => {
    const odd = [null, 'x', 7, [], {}, { id: 7, name: 'Seven' }, { id: null }, { id: '', createdAt: {} }];
    const { rows } = await listed(
      of([...odd, { ...row, createdAt: null }, { id: 'i2', connector: null, createdAt: 5 }]),
    );
    expect(rows).toHaveLength(odd.length + 2);
    expect(rows.map(({ id }) => id)).toEqual([...odd.map(() => undefined), 'i1', 'i2']);
    expect(rows[5]).toMatchObject({ name: 'Seven' });
    expect(rows.at(-1)).toEqual({ id: 'i2', connector: null, createdAt: 5 });
  });

  it('counts an unreadable row as a row', async () => {
    expect((await listed(of([row, null], { count: 2 }))).rows).toHaveLength(2);
  });
});
