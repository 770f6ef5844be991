import type { Page } from 'playwright-core';

/** Phones, tablets, a half screen, a screen, a wall. */
export const WIDTHS = [320, 390, 600, 768, 1024, 1280, 2560];

/** Widths between those, near enough to each other that no breakpoint is missed. */
const SWEPT = Array.from({ length: 28 }, (_none, at) => 320 + at * 40);

/**
 * The widths at which the open page is wider than its window; every breakpoint of its style sheets is tried on both
 * sides.
 */
export async function tooWideAt(page: Page): Promise<readonly string[]> {
  const turns = await page.evaluate(turnsOfLayout);
  const widths = [...SWEPT, ...turns.flatMap((turn) => [turn, turn + 1, turn + 8])];
  const found: string[] = [];
  for (const width of [...new Set(widths)].toSorted((one, other) => one - other)) {
    await page.setViewportSize({ width, height: 800 });
    const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overhang > 0) found.push(`${width} px: by ${overhang}`);
  }
  return found;
}

/** Runs in the page. The widths in its media queries, in pixels. */
function turnsOfLayout(): readonly number[] {
  const rules = [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules]);
  return rules.flatMap((rule) => {
    const rems =
      rule instanceof CSSMediaRule ? /width: ([\d.]+)rem/.exec(rule.conditionText)?.[1] : undefined;
    return rems === undefined ? [] : [Number(rems) * 16];
  });
}

interface LayoutFaults {
  /** How many pixels the page is wider than its window. */
  readonly overhang: number;
  /** Below the 24 pixels of WCAG 2.2, except links in a sentence. */
  readonly tooSmall: readonly string[];
  /** Amounts that are broken over two lines. */
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
