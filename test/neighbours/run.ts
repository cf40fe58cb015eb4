import { startGateway } from '../../infra/local/gateway/gateway.ts';
import { type RequestKind, runLoad } from './load-run.ts';

/** `node test/neighbours/run.ts`: 10,000 concurrent allowed requests, each repeated until it has its resource. */
const kinds = Array.from({ length: 10_000 }, (): RequestKind => 'create');
const gateway = await startGateway({ port: 0, awsPort: 0, onLog: () => {} });
try {
  console.log(await runLoad(gateway, { kinds, connections: 1_000, patient: true }));
} finally {
  await gateway.close();
}
