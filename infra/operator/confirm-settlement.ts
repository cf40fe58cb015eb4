import { withTerminal } from '../command/ask.ts';
import { BadCommand } from '../command/command.ts';
import { NotSettled, type OpenRequest, type Settlement } from './open-requests.ts';

/** Shows the settlement and asks for a confirmation. @throws BadCommand, NotSettled, NoAnswer */
export const confirm = async (request: OpenRequest, as: Settlement): Promise<void> => {
  console.error(`The request ${request.id}:\n  ${described(request)}\nwill be recorded as closed: it ${effectOf(as)}.
This command does not check PingOne: ${'created' in as ? 'check there that this resource is the requested one' : 'check there that the resource does not exist, and that the last send is older than the grace period (60 s)'}.`);
  await withTerminal(async (ask) => {
    if (!ask) throw new BadCommand('settle asks for a confirmation, and there is no terminal; --yes confirms it');
    if ((await ask('Record it? Type yes')) !== 'yes') throw new NotSettled('nothing was recorded');
  });
};

/** The settlement and its effect, as the end of a sentence. */
export const effectOf = (as: Settlement): string =>
  'created' in as
    ? `created the resource ${as.created}; a retry with its key is answered with that`
    : 'created nothing; a retry with its key sends the create again';

/** A request in a line. */
export const described = ({ endpoint, caller, parameters, firstSent, lastSent }: OpenRequest): string =>
  [
    `${endpoint}, of the caller ${caller}, ${Object.entries(parameters)
      .map((pair) => pair.join(' '))
      .join(', ')};`,
    `first sent ${firstSent ?? 'never'}, last ${lastSent ?? 'never'}`,
  ].join(' ');
