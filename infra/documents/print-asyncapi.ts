import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endpoints } from '../../lib/endpoints/index.ts';
import { asyncApi, eventSchemas } from './asyncapi.ts';

const help = `Prints the AsyncAPI document of the event bus.

Usage: npm run --silent asyncapi
       npm run asyncapi -- --schemas DIR

  --schemas DIR  write the JSON Schema of each event to DIR instead, as DETAIL-TYPE.json
`;

const parse = () => {
  try {
    return parseArgs({ options: { schemas: { type: 'string' }, help: { type: 'boolean' } } }).values;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
};

const textOf = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

const writeSchemas = async (directory: string): Promise<void> => {
  await mkdir(directory, { recursive: true });
  for (const [type, schema] of Object.entries(eventSchemas(endpoints))) {
    const file = join(directory, `${type}.json`);
    await writeFile(file, textOf(schema));
    console.log(file);
  }
};

const { help: isHelp, schemas } = parse();
if (isHelp) console.log(help);
else if (schemas !== undefined) await writeSchemas(schemas);
else process.stdout.write(textOf(asyncApi(endpoints)));
