import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endpoints } from '../../lib/endpoints/index.ts';
import { BadCommand, defineCommand, option, output } from '../command/command.ts';
import { runCommand } from '../command/run-command.ts';
import { asyncApi, eventSchemas } from './asyncapi.ts';

const textOf = (document: object): string => JSON.stringify(document, null, 2);

const writeSchemas = async (directory: string): Promise<readonly string[]> => {
  await mkdir(directory, { recursive: true });
  const schemas = Object.entries(eventSchemas(endpoints)).map(async ([type, schema]) => {
    const file = join(directory, `${type}.json`);
    await writeFile(file, `${textOf(schema)}\n`);
    return file;
  });
  return Promise.all(schemas);
};

await runCommand(
  defineCommand({
    call: 'npm run --silent asyncapi',
    summary: 'Prints the AsyncAPI document of the event bus.',
    flags: {
      schemas: option('DIR', 'write the JSON Schema of each event to DIR instead, as DETAIL-TYPE.json'),
      output: { ...output, help: 'text: indented; json: in one line' },
    },
    run: async ({ values: { schemas }, print }) => {
      if (schemas === undefined) {
        const document = asyncApi(endpoints);
        print(document, textOf(document));
        return;
      }
      const files = await writeSchemas(schemas).catch((cause: Error) => {
        throw new BadCommand(`--schemas: ${schemas} can't be written (${cause.message})`, { cause });
      });
      for (const file of files) print({ file }, file);
    },
  }),
);
