import { announce, button, byId, element } from './element.js';

const { isSandbox, examples } = await (await fetch('/local/examples')).json();

export { isSandbox };

const token = async () => (await (await fetch('/local')).json()).accessToken;

/** Where a command has a token once it is copied. */
const placeholder = '$TOKEN';

/** A command that works as it is. */
export const exampleCommand = [
  `curl '${location.origin}${examples[0].path}'`,
  "--header 'Content-Type: application/json'",
  `--header 'Authorization: Bearer ${placeholder}'`,
  `--data '${JSON.stringify(examples[0].body)}'`,
].join(' \\\n  ');

/** Copies a text, and says so. */
export const copyButton = (label, text, id) => {
  const made = button(
    label,
    async () => {
      const asked = text();
      const whole = asked.includes(placeholder) ? asked.replace(placeholder, await token()) : asked;
      await navigator.clipboard.writeText(whole);
      announce(whole.includes('••') ? 'Copied. Fill in the masked values.' : 'Copied.');
      made.textContent = 'Copied';
      setTimeout(() => {
        made.textContent = label;
      }, 1500);
    },
    { id },
  );
  return made;
};

/** The form that sends a create; `onSend` gets the key that it goes out with. */
export const startSending = (onSend) => {
  const [dialog, example, key, body, isAsync] = ['send', 'example', 'key', 'body', 'async'].map(byId);
  example.append(...examples.map(({ summary }, index) => element('option', { value: index }, summary)));
  const fill = () => {
    const content = examples[example.value].body;
    const name = `${content.name}_${Math.random().toString(36).slice(2, 6)}`;
    body.value = JSON.stringify({ ...content, name }, null, 2);
    key.value = crypto.randomUUID();
  };
  example.addEventListener('change', fill);
  byId('cancel').addEventListener('click', () => dialog.close());
  byId('send-button').hidden = false;
  byId('send-button').addEventListener('click', () => {
    fill();
    dialog.showModal();
  });
  byId('send-form').addEventListener('submit', async () => {
    onSend(key.value);
    const headers = {
      authorization: `Bearer ${await token()}`,
      'content-type': 'application/json',
      ...(key.value && { 'idempotency-key': key.value }),
      ...(isAsync.checked && { prefer: 'respond-async' }),
    };
    await fetch(examples[example.value].path, { method: 'POST', headers, body: body.value }).catch(() =>
      announce('The gateway does not answer.'),
    );
  });
};
