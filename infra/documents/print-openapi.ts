import { parseArgs } from 'node:util';
import { endpoints } from '../../lib/endpoints/index.ts';
import { openApi } from './openapi/openapi.ts';

const local = 'http://127.0.0.1:3000';

const help = `Prints the OpenAPI document of the HTTP API.

Usage: npm run --silent openapi
       npm run --silent openapi -- --api-path URL --docs-url URL

  --api-path URL  what stands in place of PingOne's apiPath (${local}/v1)
  --docs-url URL  where problem types are explained (${local}/docs)
`;

const options = {
  'api-path': { type: 'string', default: `${local}/v1` },
  'docs-url': { type: 'string', default: `${local}/docs` },
  help: { type: 'boolean' },
} as const;

const parse = () => {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
};

const { help: isHelp, 'api-path': apiPath, 'docs-url': docsUrl } = parse();
if (isHelp) console.log(help);
else process.stdout.write(`${JSON.stringify(openApi(endpoints, { apiPath, docsUrl }), null, 2)}\n`);
