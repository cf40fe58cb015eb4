import { GatewayError } from '../problems.ts';
import type { Clock } from './clock.ts';

/** Thrown when a call has not ended by its deadline; it may still take effect. */
export class DeadlineExceeded extends GatewayError {
  override readonly name = 'DeadlineExceeded';
}

/**
 * Ends a call by a deadline (milliseconds since the epoch), regardless of its client's retries and time-outs. The signal
 * aborts the call; the promise does not wait for that.
 * @throws DeadlineExceeded
 */
export const within = <Value>(
  clock: Clock,
  deadline: number,
  call: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> =>
  new Promise((resolve, reject) => {
    const controller = new AbortController();
    const expire = () => {
      reject(new DeadlineExceeded('the call did not end by its deadline'));
      controller.abort();
    };
    const restMs = deadline - clock.now();
    const cancel = Number.isFinite(restMs) ? clock.after(Math.max(0, restMs), expire) : () => {};
    call(controller.signal).then(resolve, reject).finally(cancel);
  });
