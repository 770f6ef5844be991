import { parseReport, parseTask } from './keeper-messages.js';

test('a task survives its way over the command line', () => {
  const task = { dataDirectory: '/data', ownerPid: 4711, durable: false, disposable: true };
  expect(parseTask(JSON.stringify(task))).toEqual(task);
});

test('a task that does not say so is durable and keeps its data', () => {
  expect(parseTask('{"dataDirectory":"/data","ownerPid":1}')).toMatchObject({
    durable: true,
    disposable: false,
  });
});

test.each([undefined, 'null', '{}', '{"dataDirectory":"/data"}'])(
  'a task without its parts is refused: %s',
  (text) => {
    expect(() => parseTask(text)).toThrow(TypeError);
  },
);

test('reports are recognised by their kind, everything else is ignored', () => {
  expect(parseReport({ kind: 'ready', url: 'postgresql://x' })).toEqual({
    kind: 'ready',
    url: 'postgresql://x',
  });
  expect(parseReport({ kind: 'log', message: 'm' })).toEqual({ kind: 'log', message: 'm' });
  expect(parseReport({ kind: 'failed', code: 'ALREADY_IN_USE', message: 'm' })).toMatchObject({
    code: 'ALREADY_IN_USE',
  });
  expect(parseReport({ kind: 'failed', code: 'NEW', message: 'm' })).toMatchObject({ code: 'CANNOT_START' });
  for (const other of [undefined, null, 'ready', { kind: 'ready' }, { kind: 'other' }]) {
    expect(parseReport(other)).toBeUndefined();
  }
});
