import { byId, element } from './element.js';

const [search, found, menu] = ['guide-search', 'guide-found', 'guide-menu'].map(byId);
const mostFound = 12;
let loading;

/** Every part of every guide, loaded when a person first searches. */
const sections = () => {
  loading ??= fetch('/guides/search.json').then((answer) => answer.json());
  return loading;
};

const lowerCase = (text) => text.toLowerCase();

/** Parts that have all words, those with a word in the title first. */
const matching = (all, words) => {
  const inTitle = ({ title }) => words.filter((word) => lowerCase(title).includes(word)).length;
  return all
    .filter(({ title, content }) => words.every((word) => lowerCase(`${title} ${content}`).includes(word)))
    .toSorted((one, other) => inTitle(other) - inTitle(one))
    .slice(0, mostFound);
};

/** The text around the first word, which is marked. */
const excerpt = (content, [word = '']) => {
  const at = lowerCase(content).indexOf(word);
  if (at === -1) return content.slice(0, 90);
  return element(
    'span',
    {},
    content.slice(Math.max(0, at - 40), at),
    element('mark', {}, content.slice(at, at + word.length)),
    content.slice(at + word.length, at + 60),
  );
};

const show = async () => {
  const words = lowerCase(search.value).split(/\s+/).filter(Boolean);
  found.hidden = words.length === 0;
  menu.hidden = words.length > 0;
  if (words.length === 0) return found.replaceChildren();
  const results = matching(await sections(), words);
  found.replaceChildren(
    ...results.map(({ address, title, content }) =>
      element('li', {}, element('a', { href: address }, title, element('small', {}, excerpt(content, words)))),
    ),
  );
  if (results.length === 0) found.append(element('li', {}, 'No guide has these words.'));
};

search.addEventListener('input', show);
search.addEventListener('keydown', ({ key }) => {
  if (key === 'ArrowDown') found.querySelector('a')?.focus();
  if (key === 'Escape') {
    search.value = '';
    show();
  }
});
found.addEventListener('keydown', (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const links = [...found.querySelectorAll('a')];
  const next = links[links.indexOf(document.activeElement) + step];
  (next ?? search).focus();
});

if (matchMedia('(max-width: 900px)').matches) menu.open = false;
