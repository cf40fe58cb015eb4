import { byId, element } from './element.js';

/** What a person tries first. */
const presets = [
  { name: 'Nothing fails', about: 'PingOne answers each create.', create: null, list: null },
  {
    name: 'Answers get lost',
    about:
      'PingOne creates, then the connection breaks. The gateway finds the resource in PingOne’s list and adopts it.',
    create: 'createThenReset',
    list: null,
  },
  {
    name: 'Answers get lost, and the list is late',
    about: 'The list shows the resource late: the outcome is unknown until a retry with the same key.',
    create: 'createThenReset',
    list: 'listLags',
  },
  { name: 'Creates hang', about: 'PingOne creates, and never answers.', create: 'createThenHang', list: null },
];

const [create, list, rate, shownRate, note, opener] = [
  'create-fault',
  'list-fault',
  'rate',
  'rate-shown',
  'faults-note',
  'faults-button',
].map(byId);

let told;

/** Shows how PingOne fails, as the gateway says; undefined while that is not known. */
export const showFaults = (profile) => {
  told = profile;
  const fields = [create, list, rate, ...radios];
  for (const field of fields) field.disabled = profile === undefined;
  for (const radio of radios) radio.checked = false;
  if (profile === undefined) {
    opener.textContent = 'Faults: not known';
    return;
  }
  create.value = profile.create ?? '';
  list.value = profile.list ?? '';
  rate.value = String(profile.rate * 100);
  showRate();
  for (const [index, preset] of presets.entries()) {
    const isFull = profile.rate === 1 || (preset.create ?? preset.list) === null;
    radios[index].checked = preset.create === profile.create && preset.list === profile.list && isFull;
  }
  const kinds = profile.rate === 0 ? [] : [profile.create, profile.list].filter(Boolean);
  const on = kinds.length === 0 ? 'none' : `${kinds.join(', ')}${profile.rate < 1 ? `, ${rate.value} %` : ''}`;
  opener.textContent = `Faults: ${on}`;
  opener.classList.toggle('on', kinds.length > 0);
};

const showRate = () => {
  shownRate.textContent = `${rate.value} %`;
};

const radios = presets.map((preset, index) => {
  const radio = element('input', { type: 'radio', name: 'preset', id: `preset-${index}` });
  radio.addEventListener('change', () => set({ create: preset.create, list: preset.list, rate: 1 }));
  byId('presets').append(
    element('label', {}, radio, element('span', {}, preset.name), element('small', {}, preset.about)),
  );
  return radio;
});

/** What the gateway says afterwards is what is shown: its own answer, or that nothing has changed. */
const set = async (profile) => {
  note.textContent = '';
  const answer = await fetch('/local/faults', { method: 'PUT', body: JSON.stringify(profile) }).catch(() => undefined);
  if (answer?.ok) return showFaults(await answer.json());
  showFaults(told);
  note.textContent = answer ? (await answer.json()).message : 'The gateway does not answer: nothing has changed.';
};

const optionsOf = (kinds) => [
  element('option', { value: '' }, 'none'),
  element('option', { value: 'any' }, 'any: each time another one'),
  ...Object.entries(kinds).map(([name, about]) => element('option', { value: name }, `${name}: ${about}`)),
];

for (const field of [create, list, rate]) {
  field.addEventListener('change', () =>
    set({ create: create.value || null, list: list.value || null, rate: Number(rate.value) / 100 }),
  );
}
rate.addEventListener('input', showRate);

/** Learns the kinds of faults, whenever a gateway has started. */
export const connectFaults = async () => {
  const { kinds, ...profile } = await (await fetch('/local/faults')).json();
  create.replaceChildren(...optionsOf(kinds.create));
  list.replaceChildren(...optionsOf(kinds.list));
  opener.hidden = false;
  showFaults(profile);
};
