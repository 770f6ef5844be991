import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { KnownIdPipe } from './known-id.pipe.js';

describe('KnownIdPipe', () => {
  const pipe = new KnownIdPipe();

  it.each([uuidv7(), randomUUID()])('passes an id of ours on: %s', (id) => {
    expect(pipe.transform(id)).toBe(id);
  });

  it.each(['', '1', 'null', '../../etc/passwd', `${uuidv7()} `, `${uuidv7()}0`, "' or 1=1 --", '\0'])(
    'answers %j like an id that names nothing',
    (id) => {
      expect(() => pipe.transform(id)).toThrow('NOT_FOUND');
    },
  );
});
