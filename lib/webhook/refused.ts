import { GatewayError } from '../problems.ts';

/** Why a webhook is refused, for our log and metric only. */
export type Refusal =
  | 'no-signature'
  | 'invalid-id'
  | 'invalid-time'
  | 'old-time'
  | 'wrong-signature'
  | 'unusable-secret';

/** Thrown for a webhook whose source, signature or time is wrong: its sender gets 401 and no reason. */
export class Refused extends GatewayError {
  override readonly name = 'Refused';
  readonly reason: Refusal;

  constructor(reason: Refusal) {
    super(`the webhook is refused: ${reason}`);
    this.reason = reason;
  }
}
