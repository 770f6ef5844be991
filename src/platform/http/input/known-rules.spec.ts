import 'reflect-metadata';
import { getMetadataStorage, IsString, MaxLength, validateSync } from 'class-validator';
import { rememberRules } from './known-rules.js';

class Named {
  @IsString()
  @MaxLength(5, { groups: ['strict'] })
  readonly name: unknown;

  constructor(name: unknown) {
    this.name = name;
  }
}

class Titled extends Named {
  @IsString()
  readonly title: unknown = 7;
}

const brokenBy = (value: object, options = {}): string[] =>
  validateSync(value, options).flatMap(({ property, constraints = {} }) =>
    Object.keys(constraints).map((rule) => `${property} ${rule}`),
  );

describe('rememberRules', () => {
  it('changes no verdict: not of a second look, of an heir, nor of groups', () => {
    const verdicts = (): string[][] => [
      brokenBy(new Named(7)),
      brokenBy(new Named(7)),
      brokenBy(new Titled(7)),
      brokenBy(new Named('Maximilian'), { groups: ['strict'] }),
      brokenBy(new Named('Max')),
    ];
    const before = verdicts();
    expect(before[2]).toEqual(expect.arrayContaining(['name isString', 'title isString']));
    expect(before[3]).toContain('name maxLength');
    rememberRules();
    expect(verdicts()).toEqual(before);
    expect(verdicts()).toEqual(before);
  });

  it('goes through all classes once for each', () => {
    const storage = getMetadataStorage();
    let lookups = 0;
    const lookUp = storage.getTargetValidationMetadatas.bind(storage);
    storage.getTargetValidationMetadatas = (...asked) => {
      lookups += 1;
      return lookUp(...asked);
    };
    rememberRules();
    for (let time = 0; time < 3; time += 1) validateSync(new Named('Max'));
    expect(lookups).toBe(1);
  });
});
