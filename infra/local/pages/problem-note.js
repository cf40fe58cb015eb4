import { element, withCode } from './element.js';
import { explained, send, sentAs } from './send.js';

/** What went wrong, what to do, and a way to do it. */
export const createProblemNote = ({ focusNext }) => {
  const what = element('p');
  const remedy = element('p');
  const again = element('button', { type: 'button' }, 'Retry with the same key');
  const node = element('div', { class: 'problem' }, what, remedy, again);
  let newest;
  let isSending = false;
  again.addEventListener('click', async () => {
    if (isSending) return;
    isSending = true;
    await send(sentAs(newest.gatewayID)).finally(() => {
      isSending = false;
    });
  });

  return {
    node,
    show: (flow, tone) => {
      newest = flow;
      const { code, status } = flow;
      const known = explained.get(code);
      const isHidden = code === undefined || tone === 'good';
      node.dataset.tone = tone;
      const link = known && element('a', { href: `/docs#${code}` }, code);
      what.replaceChildren(
        element('strong', {}, status ? `${status} ` : '', link ?? code ?? ''),
        known ? ` — ${known.title}.` : '',
      );
      remedy.replaceChildren(...(known ? withCode(known.remedy) : [hints[code] ?? '']));
      const isOver = isHidden || !retryable.has(status);
      // Whoever pressed it by keyboard must not be thrown back to the top of the page.
      if (isOver && document.activeElement === again) focusNext();
      again.hidden = isOver || sentAs(flow.gatewayID) === undefined;
      node.hidden = isHidden;
    },
  };
};

const retryable = new Set([409, 429, 500, 502, 503, 504]);

const hints = {
  Unauthorized: 'API Gateway asks for a token; GET /local has one.',
  Forbidden: 'API Gateway does not find the scope of the route in the token.',
  'Not Found': 'There is no such route.',
  'Too Many Requests': 'API Gateway has too many at once; send it again later.',
  NOT_JSON: 'The message is in the dead letters: tell its sender, and delete it.',
  NO_EVENT: 'The message is in the dead letters: tell its sender, and delete it.',
  OTHER_EVENT: 'The message is in the dead letters: tell its sender, and delete it.',
};
