import { GatewayError } from '../../../lib/problems.ts';
import type { PortUnavailable } from '../loopback/loopback.ts';

/** Thrown when a port is taken; names the flag that chooses another one. */
export class PortTaken extends GatewayError {
  override readonly name = 'PortTaken';

  constructor({ port }: PortUnavailable, awsPort: number) {
    const flag = port === awsPort ? '--aws-port' : '--port';
    super(`Port ${port} on 127.0.0.1 is taken; choose another one with ${flag}`);
  }
}
