import { spawnSync } from 'node:child_process';

/** Runs the hook as git does: a program that accepts by its exit code. */
function accepts(title: string): boolean {
  const { status } = spawnSync(process.execPath, ['scripts/git-hooks/commit-message.js', title]);
  return status === 0;
}

function titleOf(length: number): string {
  return 'feat: '.padEnd(length, 'x');
}

test.each([
  'feat: tell the payer why',
  'fix(notify): keep the frozen body',
  'refactor!: QUEUE_PREFIX takes the place of two settings',
  'docs(adr): one page more\n\nThe body may be as long as it likes. It may have full stops.',
  'Revert "feat: tell the payer why"',
  'fixup! feat: tell the payer why',
  titleOf(72),
])('the commit title %j is accepted', (title) => {
  expect(accepts(title)).toBe(true);
});

test.each([
  '',
  'tell the payer why',
  'feature: tell the payer why',
  'feat tell the payer why',
  'feat: ',
  'feat: Tell the payer why',
  'feat: tell the payer why.',
  titleOf(73),
])('the commit title %j is refused', (title) => {
  expect(accepts(title)).toBe(false);
});
