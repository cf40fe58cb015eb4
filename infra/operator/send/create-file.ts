import { text } from 'node:stream/consumers';
import type { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import { endpoints } from '../../../lib/endpoints/index.ts';
import { Problem } from '../../../lib/problems.ts';
import { parseJson } from '../../../lib/validation/parse-json.ts';
import { violationsIn } from '../../../lib/validation/violations.ts';
import { BadCommand } from '../../command/command.ts';
import { readGivenFile } from '../../command/given-file.ts';

/** The body of a create in a file, or in stdin (`-`), and the endpoint that it is for. */
interface CreateFile {
  readonly json: string;
  readonly endpoint: Endpoint;
}

/** Reads a body; without the name of an endpoint it is for the one whose rules it breaks least. @throws BadCommand */
export const readCreate = async (file: string, name: string | undefined): Promise<CreateFile> => {
  const json = await (file === '-' ? text(process.stdin) : readGivenFile(file));
  return { json, endpoint: endpointFor(parsed(json, file), name) };
};

const parsed = (json: string, file: string): unknown => {
  try {
    return parseJson(json);
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    const [violation] = cause.facts.violations ?? [];
    throw new BadCommand(`${file}: ${violation?.message ?? cause.message}`, { cause });
  }
};

const endpointFor = (body: unknown, name: string | undefined): Endpoint => {
  const [best, next] = endpoints
    .filter((endpoint) => name === undefined || endpoint.name === name)
    .map((endpoint) => ({ endpoint, broken: brokenBy(body, endpoint) }))
    .toSorted((one, other) => one.broken - other.broken);
  if (best && best.broken !== next?.broken) return best.endpoint;
  throw new BadCommand(`say what to create: --endpoint ${endpoints.map((endpoint) => endpoint.name).join('|')}`);
};

/** How many rules a body breaks; a member that is nearly right counts for the endpoint. */
const brokenBy = (body: unknown, endpoint: Endpoint): number =>
  violationsIn(endpoint.body, body).filter(({ message }) => !message.includes('did you mean')).length;
