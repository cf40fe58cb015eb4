import { byId, callGateway, element } from './element.js';

/** Faults that a person tries first. */
const presets = [
  { name: 'Nothing fails', summary: 'PingOne answers each create.', create: null, list: null },
  {
    name: 'Answers get lost',
    summary:
      'PingOne creates, then the connection breaks. The gateway finds the resource in PingOne’s list and adopts it.',
    create: 'createThenReset',
    list: null,
  },
  {
    name: 'Answers get lost, and the list is late',
    summary: 'The list shows the resource late: the outcome is unknown until a retry with the same key.',
    create: 'createThenReset',
    list: 'listLags',
  },
  { name: 'Creates hang', summary: 'PingOne creates, and never answers.', create: 'createThenHang', list: null },
];

/** The fields for the faults of creates, lists and deployments. */
const selects = { create: byId('create-fault'), list: byId('list-fault'), deploy: byId('deploy-fault') };
const [rate, shownRate, note, opener] = ['rate', 'rate-shown', 'faults-note', 'faults-button'].map(byId);

let current;

/** Shows the gateway's fault profile; undefined while it is not known. */
export const showFaults = (profile) => {
  current = profile;
  for (const field of [...Object.values(selects), rate, ...radios]) field.disabled = profile === undefined;
  for (const radio of radios) radio.checked = false;
  if (profile === undefined) {
    opener.textContent = 'Faults: not known';
    return;
  }
  for (const [target, select] of Object.entries(selects)) select.value = profile[target] ?? '';
  rate.value = String(profile.rate * 100);
  showRate();
  for (const [index, preset] of presets.entries()) {
    const isFull = profile.rate === 1 || (preset.create ?? preset.list) === null;
    const isSame = preset.create === profile.create && preset.list === profile.list && profile.deploy === null;
    radios[index].checked = isSame && isFull;
  }
  const kinds = profile.rate === 0 ? [] : [profile.create, profile.list, profile.deploy].filter(Boolean);
  const share = profile.rate < 1 ? `, ${rate.value} %` : '';
  opener.textContent = `Faults: ${kinds.length === 0 ? 'none' : kinds.join(', ') + share}`;
  opener.classList.toggle('on', kinds.length > 0);
};

const showRate = () => {
  shownRate.textContent = `${rate.value} %`;
};

const radios = presets.map((preset, index) => {
  const radio = element('input', { type: 'radio', name: 'preset', id: `preset-${index}` });
  radio.addEventListener('change', () => setFaults({ create: preset.create, list: preset.list, rate: 1 }));
  byId('presets').append(
    element('label', {}, radio, element('span', {}, preset.name), element('small', {}, preset.summary)),
  );
  return radio;
});

/** Sets the profile, and shows the gateway's answer, or that the old profile still applies. */
const setFaults = async (profile) => {
  note.textContent = '';
  const { answer, message } = await callGateway('/local/faults', 'PUT', profile);
  showFaults(answer ? await answer.json() : current);
  if (message) note.textContent = `${message.replace(/\.$/, '')}: nothing has changed.`;
};

const optionsOf = (kinds) => [
  element('option', { value: '' }, 'none'),
  element('option', { value: 'any' }, 'any: each time another one'),
  ...Object.entries(kinds).map(([name, summary]) => element('option', { value: name }, `${name}: ${summary}`)),
];

for (const field of [...Object.values(selects), rate]) {
  field.addEventListener('change', () => {
    const kinds = Object.entries(selects).map(([target, { value }]) => [target, value || null]);
    setFaults({ ...Object.fromEntries(kinds), rate: Number(rate.value) / 100 });
  });
}
rate.addEventListener('input', showRate);

/** Loads the kinds of faults; they may differ after a restart. */
export const loadFaults = async () => {
  const { kinds, ...profile } = await (await fetch('/local/faults')).json();
  for (const [target, select] of Object.entries(selects)) select.replaceChildren(...optionsOf(kinds[target]));
  opener.hidden = false;
  showFaults(profile);
};
