import { endpoints } from '../../lib/endpoints/index.ts';
import { BadCommand, defineCommand, option, output } from '../command/command.ts';
import { runCommand } from '../command/run-command.ts';
import { openApi } from './openapi/openapi.ts';

const local = 'http://127.0.0.1:3000';
const errors = `${local}/guides/lib/http/ERRORS.md`;

await runCommand(
  defineCommand({
    call: 'npm run --silent openapi',
    summary: 'Prints the OpenAPI document of the HTTP API.',
    flags: {
      'api-path': option('URL', "what replaces PingOne's apiPath", { default: `${local}/v1` }),
      'iam-api-path': option('URL', 'the same for IAM callers, of a deployment that has both kinds'),
      'docs-url': option('URL', 'where problem types are explained', { default: errors }),
      output: { ...output, help: 'text: indented; json: in one line' },
    },
    run: async ({ values: { output: _, ...urls }, print }) => {
      for (const [flag, url] of Object.entries(urls))
        if (!URL.canParse(url)) throw new BadCommand(`--${flag} must be a URL, not "${url}"`);
      const { 'api-path': apiPath, 'iam-api-path': iamApiPath, 'docs-url': docsUrl } = urls;
      const document = openApi(endpoints, { apiPath, iamApiPath, docsUrl });
      print(document, JSON.stringify(document, null, 2));
    },
  }),
);
