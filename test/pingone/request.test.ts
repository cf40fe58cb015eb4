import { expect, it } from 'vitest';
import { readCall } from '../../lib/pingone/request.ts';
import { targetOf } from '../../lib/runtime/sockets.ts';

it.each([
  ['https://api.pingone.com/v1', '/v1/environments/e'],
  ['https://proxy.example', '/environments/e'],
  ['https://proxy.example/pingone/v1', '/pingone/v1/environments/e'],
])('a call has a path below the API base %s', (apiBase, path) => {
  const token = { value: 't', api: targetOf(apiBase) };
  expect(readCall('/environments/e', token).target).toMatchObject({ host: new URL(apiBase).host, path });
});
