import { byId, element } from './element.js';

/** What a person tries first. */
const presets = [
  { name: 'Nothing fails', about: 'PingOne answers each create.', faults: { create: null, list: null } },
  {
    name: 'Answers get lost',
    about: 'PingOne creates, then the connection breaks. The gateway looks in PingOne’s list and adopts what it finds.',
    faults: { create: 'createThenReset', list: null },
  },
  {
    name: 'Answers get lost, and the list is late',
    about: 'The list does not show it at first: the outcome stays unknown until a retry with the same key finds out.',
    faults: { create: 'createThenReset', list: 'listLags' },
  },
];

/** Lets a person switch what goes wrong in the sandbox; shows it too where somebody else switches it. */
export const startFaults = async () => {
  const [create, list, rate, shown, note] = ['create-fault', 'list-fault', 'rate', 'rate-shown', 'faults-note'].map(
    byId,
  );
  const radios = presets.map(({ faults }, index) => {
    const radio = element('input', { type: 'radio', name: 'preset', id: `preset-${index}` });
    radio.addEventListener('change', () => set({ ...faults, rate: 1 }));
    return radio;
  });
  byId('presets').append(
    ...presets.map(({ name, about }, index) =>
      element('label', {}, radios[index], element('span', {}, name), element('small', {}, about)),
    ),
  );

  const show = (state) => {
    create.value = state.create ?? '';
    list.value = state.list ?? '';
    rate.value = String(state.rate * 100);
    shown.textContent = `${rate.value} %`;
    for (const [index, { faults }] of presets.entries()) {
      radios[index].checked = faults.create === state.create && faults.list === state.list && state.rate === 1;
    }
    const kinds = [state.create, state.list].filter(Boolean);
    note.textContent =
      kinds.length === 0 || state.rate === 0 ? '' : `On: ${kinds.join(' and ')}, ${rate.value} % of the time.`;
  };

  const ask = async (init) => show(await (await fetch('/local/faults', init)).json());
  const set = (profile) => ask({ method: 'PUT', body: JSON.stringify(profile) });
  const setOwn = () => set({ create: create.value || null, list: list.value || null, rate: Number(rate.value) / 100 });

  const { kinds } = await (await fetch('/local/faults')).json();
  create.append(...optionsOf(kinds.create));
  list.append(...optionsOf(kinds.list));
  for (const field of [create, list, rate]) field.addEventListener('change', setOwn);
  rate.addEventListener('input', () => {
    shown.textContent = `${rate.value} %`;
  });
  window.addEventListener('focus', () => ask());
  await ask();
  byId('faults').hidden = false;
};

const optionsOf = (kinds) => [
  element('option', { value: '' }, 'none'),
  element('option', { value: 'any' }, 'any: each time another one'),
  ...Object.entries(kinds).map(([name, about]) => element('option', { value: name }, `${name}: ${about}`)),
];
