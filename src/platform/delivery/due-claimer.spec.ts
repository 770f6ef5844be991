import { mayHaveLeftSome } from './due-claimer.js';

type Wish = Parameters<typeof mayHaveLeftSome>[0];

const WISH: Wish = { slots: 10, reserve: 4, usualRoom: { all: 8, backlog: 2 }, rooms: new Map() };
const ownRoom = (all: number, backlog: number): Partial<Wish> => ({
  rooms: new Map([['a', { all, backlog }]]),
});

describe('mayHaveLeftSome', () => {
  const table: [string, Partial<Wish>, string, number, boolean][] = [
    ['nothing was due', {}, '', 0, false],
    ['less than every limit was taken', {}, 'ab', 0, false],
    ['as many were taken as a backlog may have of the slots', { reserve: 7 }, 'abc', 0, true],
    ['only what is fresh was asked for', { reserve: 10 }, '', 0, true],
    ['a host came to the usual room of a backlog', {}, 'aa', 0, true],
    ['no host has room for a backlog', { usualRoom: { all: 8, backlog: 0 } }, '', 0, true],
    ['a host came to a room of its own', ownRoom(1, 1), 'a', 0, true],
    ['a host had no room for a backlog', ownRoom(4, 0), 'b', 0, true],
    ['another worker was just taking one', {}, '', 1, true],
  ];

  it.each(table)('when %s', (_case, wish, hosts, missed, expected) => {
    expect(mayHaveLeftSome({ ...WISH, ...wish }, { lanes: [...hosts], missed })).toBe(expected);
  });
});
