import { expect, it } from 'vitest';
import { basePathOf } from '../../lib/http/base-path.ts';

it.each([
  ['POST /v1/environments/{environmentID}/connectorInstances', ''],
  ['POST /iam/v1/environments/{environmentID}/connectorInstances', '/iam'],
  ['GET /iam/v1/requests/{id}', '/iam'],
  ['DELETE /v1/{proxy+}', ''],
  ['DELETE /tokens/v1/{proxy+}', '/tokens'],
  ['$default', ''],
  [undefined, ''],
])("a caller's base path is that of its route: %s", (routeKey, basePath) => {
  expect(basePathOf({ routeKey, rawPath: '/prod/other/v1/environments' })).toBe(basePath);
});
