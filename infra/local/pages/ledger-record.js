import { clock, element } from './element.js';

/** What the ledger holds of a request. */
export const recordOf = (record) => {
  if (record === undefined) return element('p', { class: 'note' }, 'Nothing: it did not come that far.');
  return element(
    'dl',
    {},
    ...Object.entries(record).flatMap(([name, value]) => [
      element('dt', {}, name),
      element('dd', {}, shownValue(name, value)),
    ]),
  );
};

const shownValue = (name, value) => {
  if (name === 'graceMs') return `${value / 1000} s`;
  if (name === 'expires') return new Date(value).toISOString().slice(0, 10);
  if (typeof value === 'number' && value > 1e12) return clock(value);
  return Array.isArray(value) ? value.join(', ') : String(value);
};
