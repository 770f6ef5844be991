/** Phones, tablets, a half screen, a screen, a wall. */
export const WIDTHS = [320, 390, 600, 768, 1024, 1280, 2560];

interface LayoutFaults {
  /** How many pixels have to be pushed sideways. */
  readonly overhang: number;
  /** Below the 24 pixels of WCAG 2.2, but for links in a sentence. */
  readonly tooSmall: readonly string[];
  /** Amounts that do not stand in one piece. */
  readonly cut: readonly string[];
}

/** Runs in the page. */
export function faultsOfLayout(): LayoutFaults {
  for (const details of document.querySelectorAll('details')) details.open = true;
  const targets = [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')];
  const tooSmall = targets.filter((target) => {
    const { width, height } = target.getBoundingClientRect();
    const isShown = width > 0 && !target.classList.contains('skip');
    return isShown && getComputedStyle(target).display !== 'inline' && Math.min(width, height) < 23.9;
  });
  const cut = [...document.querySelectorAll('.money')].filter((money) => {
    const range = document.createRange();
    range.selectNodeContents(money);
    return range.getClientRects().length > 1;
  });
  return {
    overhang: document.documentElement.scrollWidth - innerWidth,
    tooSmall: tooSmall.map((target) => target.outerHTML),
    cut: cut.map((money) => money.outerHTML),
  };
}
