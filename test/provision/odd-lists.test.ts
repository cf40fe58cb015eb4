import { afterEach, describe, expect, it } from 'vitest';
import { isRecord, parseJson } from '../../infra/local/loopback/json.ts';
import type { Outgoing } from '../../infra/local/loopback/outgoing.ts';
import { json } from '../../infra/local/loopback/reply.ts';
import type { Fault } from '../../infra/local/sandbox/create-faults.ts';
import { endpoints } from '../../lib/endpoints/index.ts';
import { collectionOf } from '../harness/front-door.ts';
import { type System, startSystem } from '../harness/system.ts';

let system: System;
afterEach(() => system.close());

type Rows = readonly Readonly<Record<string, unknown>>[];

const creates = () =>
  system.sandbox.requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('/token')).length;

describe.each(endpoints)('a lost create of $name', (endpoint) => {
  const collection = endpoint.path.slice(endpoint.path.lastIndexOf('/') + 1);
  const { body, resource } = endpoint.example;

  /** Starts the system with one fault for a create, and altered lists. */
  const start = async (fault: Fault, show: (rows: Rows) => unknown) => {
    const shown = (outgoing: Outgoing): Outgoing => {
      const page =
        typeof outgoing === 'object' && 'body' in outgoing ? parseJson(outgoing.body?.toString()) : undefined;
      const rows = isRecord(page) && isRecord(page._embedded) ? page._embedded[collection] : undefined;
      return Array.isArray(rows) ? json(200, show(rows)) : outgoing;
    };
    const faults = [fault];
    system = await startSystem({
      sandbox: { faults: { create: () => faults.shift() }, alter: (_, outgoing) => shown(outgoing) },
    });
  };
  const listOf = (rows: Rows | readonly unknown[]) => ({ _links: {}, _embedded: { [collection]: rows } });
  const other = { ...resource, id: 'other', name: 'Other' };

  it.each([
    ['whose connector and paths are null', { ...other, connector: null, paths: null }],
    ['without an id', { ...other, id: undefined }],
    ['whose id is a number', { ...other, id: 7 }],
    ['without a date', { ...other, createdAt: null }],
  ])('is found next to a resource %s', async (_, neighbour) => {
    await start({ kind: 'createThenReset' }, (rows) => listOf([neighbour, ...rows]));
    const answer = await system.ask({ endpoint, key: 'k' });
    const [made] = system.sandbox.resources(collectionOf(endpoint));
    expect(answer).toMatchObject({ answered: 201, how: 'adopted', id: made?.id });
    expect(creates()).toBe(1);
  });

  it.each([
    ['no _embedded', () => ({ _links: {}, count: 0 })],
    ['null for _embedded', () => ({ _embedded: null, size: 0 })],
    ['nothing in _embedded', () => ({ _embedded: {} })],
  ])('is sent again if the list is empty with %s', async (_, show) => {
    await start({ kind: 'fail', status: 500 }, show);
    expect(await system.ask({ endpoint, key: 'k' })).toMatchObject({ answered: 201, how: 'created' });
    expect(creates()).toBe(2);
  });

  it.each<[string, (rows: Rows) => unknown]>([
    ['has lost its id', (rows) => listOf(rows.map(({ id: _, ...row }) => row))],
    ['has a number for its id', (rows) => listOf(rows.map((row) => ({ ...row, id: 7 })))],
    ['cannot be read', (rows) => listOf(rows.map(() => null))],
    [
      'does not show what it is known by',
      (rows) => listOf(rows.map((row) => ({ ...row, connector: null, paths: [] }))),
    ],
    ['is missing though it is counted', (rows) => ({ _links: {}, count: rows.length })],
  ])('is never sent again if its row %s', async (_, show) => {
    await start({ kind: 'createThenReset' }, show);
    for (let tries = 0; tries < 3; tries++) {
      const answer = await system.ask({ endpoint, key: 'k', body });
      expect(answer).toMatchObject({ answered: 504, problem: { code: 'OUTCOME_UNKNOWN' } });
      await system.pass(120_000);
    }
    expect(creates()).toBe(1);
  });
});
