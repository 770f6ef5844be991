import { Timers } from './timers.js';

it('closed timers run nothing, neither waiting work nor later work', async () => {
  const timers = new Timers();
  const ran: string[] = [];
  timers.after(1, () => ran.push('waiting'));
  timers.close();
  timers.after(1, () => ran.push('late'));
  const clock = new Timers();
  await clock.pause(20);
  expect(ran).toEqual([]);
});

it('open timers run their work and end their pauses', async () => {
  const timers = new Timers();
  const ran: string[] = [];
  timers.after(0, () => ran.push('work'));
  await timers.pause(20);
  expect(ran).toEqual(['work']);
});
