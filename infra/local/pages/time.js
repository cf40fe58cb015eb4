import { element } from './element.js';

const hours = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
const time = new Intl.DateTimeFormat([], hours);
const date = new Intl.DateTimeFormat([], { dateStyle: 'medium' });
const precise = new Intl.DateTimeFormat([], { ...hours, fractionalSecondDigits: 3 });

/** The time of day; before today with its date. */
export const clock = (at) =>
  new Date(at).toDateString() === new Date().toDateString() ? time.format(at) : `${date.format(at)} ${time.format(at)}`;

export const preciseClock = (at) => precise.format(at);

/** A duration that is given in milliseconds. */
export const duration = (ms) => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
};

const seconds = (ms) => (ms < 60_000 ? `${Math.floor(ms / 1000)} s` : duration(ms));

/** An element whose text depends on the current time. */
const ticking = (text) => {
  const made = element('span', { class: 'ticking' });
  made.tick = () => {
    const next = text(Date.now());
    if (made.textContent !== next) made.textContent = next;
  };
  made.tick();
  return made;
};

export const elapsed = (since) => ticking((now) => seconds(Math.max(0, now - since)));

/** The wait until a time; empty after it. */
export const countdown = (prefix, until) =>
  ticking((now) => (until > now ? `${prefix} ${seconds(until - now + 999)}` : ''));

/** Updates all elements that depend on the time. */
export const tick = () => {
  for (const each of document.querySelectorAll('.ticking')) each.tick?.();
};
