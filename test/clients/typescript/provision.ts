import createClient from 'openapi-fetch';
import type { paths } from './provisioner.d.ts';

// node provision.ts KEY NAME: makes a connector instance once, however often it is run with the same key.
const [key = '', name = ''] = process.argv.slice(2);
const { API_PATH: baseUrl = '', ACCESS_TOKEN: accessToken, ENVIRONMENT_ID: environmentID = '' } = process.env;

const provisioner = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${accessToken}` } });

const { data, error, response } = await provisioner.POST('/environments/{environmentID}/connectorInstances', {
  params: { path: { environmentID }, header: { 'Idempotency-Key': key } },
  body: { name, connector: { id: 'httpConnector' } },
});

if (data) {
  console.log(data.id);
} else if ('code' in error) {
  console.error(`${error.code}: ${error.message}`);
  for (const { target, message } of error.details ?? []) console.error(`  ${target}: ${message}`);
  switch (error.code) {
    case 'REQUEST_IN_PROGRESS':
    case 'REQUEST_LIMITED':
    case 'OUTCOME_UNKNOWN':
      console.error(`Run it again with the same key in ${response.headers.get('Retry-After')} s.`);
      break;
    case 'KEY_REUSED':
      console.error('Choose another key for another request.');
      break;
  }
  process.exitCode = 1;
} else {
  console.error(`API Gateway: ${error.message}`);
  process.exitCode = 1;
}
