import { type DeployReply, deployOnce } from '../pingone/deployment.ts';
import { codeOf, Problem } from '../problems.ts';
import { type Attempt, busy, type DeployResult, deployed, end, failed } from './attempt.ts';
import { look } from './look.ts';
import { laterMs, minimumSendMs, retryMs } from './waits.ts';

/** Sends a deployment and records its end. @throws Problem */
export const send = async (attempt: Attempt): Promise<DeployResult> => {
  const { clock, times, item } = attempt;
  const since = clock.now();
  if (times.sendBy - since < minimumSendMs)
    return failed(attempt, busy('Too little time was left.', 1_000), { end: 'later', retryAt: since });
  const reply = await sendOnce(attempt);
  const now = clock.now();
  const { wanted: covers } = item;
  const open = (retryAt: number) => ({ end: 'open', covers, since, retryAt }) as const;
  switch (reply.known) {
    case 'state': {
      const { state } = reply;
      if (state.is === 'deployed') return deployed(attempt, state, covers, since);
      const failure = { end: 'failed', code: state.code, retryAt: now + retryMs(item.failures) } as const;
      await end(attempt, state.is === 'failed' ? failure : open(now + laterMs()));
      return { state, covers };
    }
    case 'unknown': {
      const looked = await look(attempt, since);
      if (looked.isSince) return deployed(attempt, looked.state, covers, since);
      const isRunning = 'state' in looked && looked.state.is === 'deploying';
      return failed(attempt, isRunning ? stillDeploying(reply.problem) : reply.problem, open(clock.now() + laterMs()));
    }
    case 'refused':
    case 'unauthorized': {
      const retryAt = now + retryMs(item.failures);
      return failed(attempt, reply.problem, { end: 'failed', code: codeOf(reply.problem), retryAt });
    }
    default:
      return failed(attempt, reply.problem, { end: 'later', retryAt: now + laterMs(reply.problem) });
  }
};

const stillDeploying = ({ cause, facts }: Problem) =>
  new Problem('DEPLOYMENT_UNKNOWN', 'PingOne is still deploying; a GET of this path tells when it has ended.', {
    ...facts,
    cause,
  });

/** Sends a deployment; once more with a new token if PingOne rejects the first. */
const sendOnce = async (attempt: Attempt): Promise<DeployReply> => {
  const { pingOne, service, times, clock } = attempt;
  for (let isTokenRenewed = false; ; isTokenRenewed = true) {
    const token = await pingOne.token(times.sendBy);
    const reply = await deployOnce({ ...service, token }, attempt, times.sendBy - clock.now());
    if (reply.known !== 'unauthorized') return reply;
    pingOne.refused(token);
    if (isTokenRenewed || times.sendBy - clock.now() < minimumSendMs) return reply;
  }
};
