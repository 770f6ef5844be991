import { mayHaveLeftSome } from './left-behind.js';

const usualRoom = { all: 8, backlog: 2 };

function from(...hosts: string[]) {
  return hosts.map((host) => ({ host }));
}

describe('mayHaveLeftSome', () => {
  const table: [string, Parameters<typeof mayHaveLeftSome>, boolean][] = [
    [
      'nothing was due',
      [
        { slots: 10, reserve: 4, usualRoom, rooms: new Map() },
        { claimed: [], missed: 0 },
      ],
      false,
    ],
    [
      'less than every limit was taken',
      [
        { slots: 10, reserve: 4, usualRoom, rooms: new Map() },
        { claimed: from('a', 'b'), missed: 0 },
      ],
      false,
    ],
    [
      'as many were taken as a backlog may have of the slots',
      [
        { slots: 10, reserve: 7, usualRoom, rooms: new Map() },
        { claimed: from('a', 'b', 'c'), missed: 0 },
      ],
      true,
    ],
    [
      'only what is fresh was asked for',
      [
        { slots: 10, reserve: 10, usualRoom, rooms: new Map() },
        { claimed: [], missed: 0 },
      ],
      true,
    ],
    [
      'a host came to the usual room of a backlog',
      [
        { slots: 10, reserve: 4, usualRoom, rooms: new Map() },
        { claimed: from('a', 'a'), missed: 0 },
      ],
      true,
    ],
    [
      'a host came to a room of its own',
      [
        { slots: 10, reserve: 4, usualRoom, rooms: new Map([['a', { all: 1, backlog: 1 }]]) },
        { claimed: from('a'), missed: 0 },
      ],
      true,
    ],
    [
      'a host had no room at all',
      [
        { slots: 10, reserve: 4, usualRoom, rooms: new Map([['a', { all: 4, backlog: 0 }]]) },
        { claimed: from('b'), missed: 0 },
      ],
      true,
    ],
    [
      'another worker was just taking one',
      [
        { slots: 10, reserve: 4, usualRoom, rooms: new Map() },
        { claimed: [], missed: 1 },
      ],
      true,
    ],
  ];

  it.each(table)('when %s', (_case, [wish, claim], expected) => {
    expect(mayHaveLeftSome(wish, claim)).toBe(expected);
  });
});
