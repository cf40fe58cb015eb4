import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourcePath } from '../../../infra/documents/routes.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { environmentPath, fillPath } from '../../../lib/endpoints/path.ts';
import { answerErrors, endOf, endsOf } from './answers.ts';
import { listCases, onlyOtherwise, readCases } from './cases/reads.ts';
import { sending } from './cases/sending.ts';
import { type OpenApiDocument, type Operation, openApiDocument } from './document.ts';
import { type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;
let document: OpenApiDocument;
beforeAll(async () => {
  fixture = await startFixture();
  document = openApiDocument.parse(await (await fetch(`${fixture.gateway.url}/openapi.json`)).json());
});
afterAll(() => fixture.close());

const calls = endpoints.flatMap((endpoint) => [
  { name: `the list of ${endpoint.name}`, endpoint, template: endpoint.path, cases: listCases },
  { name: `a resource of ${endpoint.name}`, endpoint, template: resourcePath(endpoint), cases: readCases },
  { name: `the environment of ${endpoint.name}`, endpoint, template: environmentPath, cases: readCases },
]);

describe.each(calls)("the document's description of a read of $name", ({ endpoint, template, cases }) => {
  const operation = (): Operation => {
    const found = document.paths[template]?.get;
    if (!found) throw new Error(`the document has no get ${template}`);
    return found;
  };

  let path: string;
  beforeAll(async () => {
    const { id: resourceID } = Object(JSON.parse((await sending()(fixture, endpoint)).text));
    path = fillPath(template, { ...endpoint.example.parameters, resourceID });
  });

  it('has every answer, and no others', () => {
    expect(endsOf(operation()).toSorted()).toEqual([...Object.keys(cases), ...onlyOtherwise].toSorted());
  });

  it.each(Object.keys(cases))('matches the answer %s', async (end) => {
    const answer = await cases[end]?.(fixture, path);
    if (!answer) throw new Error(`there is no case ${end}`);
    expect(endOf(operation(), answer), answer.text).toBe(end);
    expect(answerErrors(document)(operation(), answer), answer.text).toEqual([]);
  });
});
