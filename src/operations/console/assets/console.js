// What a keyboard adds to pages that work without it. No page needs this file.
const GO = { o: 'overview', p: 'payments', d: 'in-doubt', l: 'live' };
const ROW_LINK = 'a[data-row]';

/** This file is served from /console/assets/, behind any prefix that a proxy adds. */
const go = (page) => location.assign(new URL(`../${page}`, import.meta.url));

let awaitsPlace = false;

/** A letter typed into a field is text; with Ctrl, Alt or Meta the key belongs to the browser. */
function isCommand(event) {
  const { target } = event;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
  return !(target instanceof Element && target.closest('input, textarea, select, [contenteditable]'));
}

function moveInList(step) {
  const links = [...document.querySelectorAll(ROW_LINK)];
  const at = links.indexOf(document.activeElement);
  const next = at === -1 ? links.at(step > 0 ? 0 : -1) : links[at + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return next !== undefined;
}

function follow(selector) {
  document.querySelector(selector)?.click();
}

const COMMANDS = {
  '/': () => document.querySelector('#find')?.select(),
  '?': () => go('help'),
  j: () => moveInList(1),
  k: () => moveInList(-1),
  n: () => follow('a[rel=next]'),
  p: () => follow('a[rel=prev]'),
  g: () => {
    awaitsPlace = true;
    setTimeout(() => (awaitsPlace = false), 1500);
  },
};

function onKey(event) {
  if (event.key === 'Escape') return leave(event);
  if (!isCommand(event)) return undefined;
  if (awaitsPlace && Object.hasOwn(GO, event.key)) return go(GO[event.key]);
  awaitsPlace = false;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') return onArrow(event);
  if (!Object.hasOwn(COMMANDS, event.key)) return undefined;
  event.preventDefault();
  return COMMANDS[event.key]();
}

/** The arrow keys scroll the page as usual until the list has the focus. */
function onArrow(event) {
  if (!document.activeElement?.matches(ROW_LINK)) return;
  if (moveInList(event.key === 'ArrowDown' ? 1 : -1)) event.preventDefault();
}

function leave({ target }) {
  const menu = document.querySelector('.menu[open]');
  if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  } else if (target instanceof HTMLElement) target.blur();
}

document.addEventListener('keydown', onKey);

// Browsers offer the clipboard only over https and on localhost.
if (navigator.clipboard) document.documentElement.classList.add('can-copy');
document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('[data-copy]') : null;
  if (button) void copyFrom(button);
});

async function copyFrom(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add('copied');
  setTimeout(() => button.classList.remove('copied'), 1500);
}

// A hidden page does not refresh; it refreshes when it is shown again.
document.addEventListener('htmx:before:request', (event) => {
  if (document.hidden) event.preventDefault();
});
// The content stays on the page, marked as old, until an answer comes again.
document.addEventListener('htmx:before:swap', (event) => {
  const { status } = event.detail.ctx.response;
  if (status !== 200) event.preventDefault();
  markStale(status !== 200);
});
document.addEventListener('htmx:error', () => markStale(true));

function markStale(isStale) {
  document.body.classList.toggle('is-stale', isStale);
}
