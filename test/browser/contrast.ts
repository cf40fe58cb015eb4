import type { Page } from 'playwright-core';

/** Texts below a selector that stand out less than WCAG 2 AA asks for (4.5 to 1), with how much they do. */
export const lowContrasts = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate(`(${inPage})(${JSON.stringify(selector)})`);

const inPage = `(selector) => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const own = channels(getComputedStyle(element).backgroundColor);
    return own.length < 4 || own[3] > 0 || !element.parentElement ? own : behind(element.parentElement);
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
  const shown = [...document.querySelector(selector).querySelectorAll('*')].filter((element) => element.checkVisibility() && hasText(element));
  return shown.flatMap((element) => {
    const [one, other] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    return ratio < 4.5 ? [ratio.toFixed(2) + ' ' + element.className + ' ' + element.textContent.slice(0, 40)] : [];
  });
}`;
