import { Body, Controller, Get, Global, HttpCode, Module, Param, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import { EventLog } from '../../logging/event-log.js';
import { LoggingModule } from '../../logging/logging.module.js';
import { Characters, NestedField, OptionalField } from '../field.decorators.js';
import { createHttpApp, listenHttp } from '../create-http-app.js';
import { HttpModule } from '../http.module.js';
import { HttpSettings } from '../http.settings.js';
import { LIMIT_RULES } from './text-faults.js';

class Box {
  @Characters(3, 3)
  readonly unit!: string;

  @Characters(1, 10)
  readonly value!: string;
}

class Thing {
  @Characters(1, 8)
  readonly name!: string;

  @NestedField(() => Box)
  readonly box!: Box;

  @OptionalField()
  @Characters(0, 4)
  readonly note?: string;

  @OptionalField()
  @IsBoolean()
  readonly fragile?: boolean;

  @OptionalField()
  @IsIn(['A', 'B'])
  readonly kind?: string;
}

class Search {
  @OptionalField()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(9)
  readonly limit?: number;

  @OptionalField()
  @Characters(1, 5)
  readonly name?: string;
}

class Nothing {}

@Controller('things')
class ThingsController {
  @Post()
  @HttpCode(200)
  write(@Body() thing: Thing): object {
    return { isThing: thing instanceof Thing, isBox: thing.box instanceof Box, thing };
  }

  @Post('none')
  @HttpCode(200)
  none(@Body() nothing: Nothing): object {
    return { nothing };
  }

  @Get()
  search(@Query() search: Search): object {
    return { search };
  }

  @Get(':thingId')
  read(@Param('thingId') thingId: string): object {
    return { thingId };
  }
}

const log = new EventLog({ level: 'silent' }, { write: () => undefined });
const settings = Object.assign(new HttpSettings(), {
  publicPathPrefix: '',
  bodyLimitBytes: 262_144,
  keepAliveMs: 600_000,
  shutdownDelayMs: 0,
  shutdownGraceMs: 1_000,
});

@Global()
@Module({ providers: [{ provide: HttpSettings, useValue: settings }], exports: [HttpSettings] })
class SettingsModule {}

@Module({
  imports: [SettingsModule, LoggingModule.forRoot(log), HttpModule],
  controllers: [ThingsController],
})
class ThingsModule {}

let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  app = await createHttpApp(ThingsModule, settings, log);
  url = await listenHttp(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());

async function call(path: string, body?: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const init = { method: 'POST', body: body ?? null, headers: { 'content-type': 'application/json' } };
  const response = await fetch(url + path, body === undefined ? {} : init);
  return { status: response.status, body: Object(await response.json()) };
}

const post = (body: unknown) => call('/things', JSON.stringify(body));

const good = { name: 'thing', box: { unit: 'ABC', value: '12' } };

async function faultsOf(answer: Promise<{ status: number; body: Record<string, unknown> }>) {
  const { status, body } = await answer;
  expect({ status, code: body.code }).toEqual({ status: 400, code: 'INVALID_REQUEST' });
  const errors: { field: string; rule: string }[] = Object(body.errors);
  return Object.fromEntries(errors.map(({ field, rule }) => [field, rule]));
}

describe('a body', () => {
  it('that keeps every rule arrives as an instance of its class, nested ones too', async () => {
    expect(await post(good)).toMatchObject({
      status: 200,
      body: { isThing: true, isBox: true, thing: good },
    });
    const full = { ...good, note: '', fragile: false, kind: 'A' };
    expect(await post(full)).toMatchObject({ status: 200, body: { thing: full } });
  });

  it('has every field named that breaks a rule, with its path and the rule in plain words', async () => {
    const bad = {
      name: '',
      box: { unit: 'AB', value: 7, extra: 1 },
      note: 'fives',
      fragile: 'yes',
      kind: 'C',
      odd: 1,
    };
    expect(await faultsOf(post(bad))).toEqual({
      name: 'must be 1 to 8 characters long',
      'box.unit': 'must be exactly 3 characters long',
      'box.value': 'must be a string',
      'box.extra': 'is not a known field',
      note: 'must be 0 to 4 characters long',
      fragile: 'must be a boolean value',
      kind: 'must be one of the following values: A, B',
      odd: 'is not a known field',
    });
  });

  it('has every required field named that is absent, also when there is no body at all', async () => {
    const required = { name: 'is required', box: 'is required' };
    expect(await faultsOf(post({}))).toEqual(required);
    expect(await faultsOf(call('/things', ''))).toEqual(required);
    expect(await faultsOf(post({ ...good, box: {} }))).toEqual({
      'box.unit': 'is required',
      'box.value': 'is required',
    });
  });

  it.each([['null'], ['[]'], ['"text"'], ['7'], ['true'], [`[${JSON.stringify(good)}]`]])(
    'is refused when it is no object: %s',
    async (body) => {
      expect(await faultsOf(call('/things', body))).toEqual({ body: 'must be a JSON object' });
    },
  );

  it.each([[null], ['text'], [7], [[]], [[good.box]], [true]])(
    'has a nested field refused that is %p',
    async (box) => {
      expect(await faultsOf(post({ ...good, box }))).toMatchObject({ box: 'must be an object' });
    },
  );

  it.each([[null], [7], [true], [[]], [['x']], [{}]])('has a text refused that is %p', async (name) => {
    const rule = Array.isArray(name) ? 'must be one string, not several' : 'must be a string';
    expect(await faultsOf(post({ ...good, name }))).toMatchObject({ name: rule });
    expect(await faultsOf(post({ ...good, note: name }))).toMatchObject({ note: rule });
  });

  it('counts characters, not UTF-16 units', async () => {
    expect((await post({ ...good, name: '😀'.repeat(8) })).status).toBe(200);
    expect(await faultsOf(post({ ...good, name: '😀'.repeat(9) }))).toEqual({
      name: 'must be 1 to 8 characters long',
    });
  });

  it('has a NUL and half a surrogate pair refused wherever they stand, names included', async () => {
    const texts = `{"name":"a\\u0000","box":{"unit":"A\\ud800B","value":"1"},"no\\u0000te":"x","deep":[{"x":"\\udc00"}]}`;
    expect(await faultsOf(call('/things', texts))).toMatchObject({
      name: 'must not contain a NUL character',
      'box.unit': 'must be well-formed Unicode',
      'no\u0000te': 'is not a known field',
      'deep.0.x': 'must be well-formed Unicode',
      deep: 'is not a known field',
    });
  });

  it.each([
    ['constructor'],
    ['prototype'],
    ['hasOwnProperty'],
    ['toString'],
    ['then'],
    ['length'],
    ['__defineGetter__'],
  ])('is refused for the field %s and does no harm', async (name) => {
    expect(await faultsOf(post({ ...good, [name]: 'x' }))).toEqual({ [name]: 'is not a known field' });
    expect(
      (await faultsOf(post({ ...good, box: { ...good.box, [name]: {} } })))[`box.${name}`],
    ).toBeDefined();
  });

  it('is refused when it is nested without end, and the service goes on', async () => {
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    const [[field, rule] = []] = Object.entries(await faultsOf(call('/things', `{"name":${deep}}`)));
    expect(field).toBe('body');
    expect(rule).toBe('is nested too deeply');
    expect((await post(good)).status).toBe(200);
  });

  it('names no more than a hundred faults, in names of bounded length', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`${'x'.repeat(300)}${at}`, 1]));
    const { body } = await post({ ...good, ...many });
    expect(body.errors).toHaveLength(100);
    expect(JSON.stringify(body).length).toBeLessThan(30_000);
  });

  it.each([
    ['fields nobody knows', (at: number) => [`unknown${at}`, 1]],
    ['empty objects below one field', (at: number) => [at === 0 ? 'box' : `b${at}`, {}]],
  ])('is refused as a whole when it holds thousands of %s', async (_what, entry) => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => entry(at)));
    expect(await faultsOf(post({ ...good, ...wide }))).toEqual({ body: LIMIT_RULES.entries });
  });

  it('is refused as a whole when a list in it holds thousands of items', async () => {
    const items = Array.from({ length: 100_000 }, () => 0);
    expect(await faultsOf(post({ ...good, note: items }))).toEqual({ body: LIMIT_RULES.entries });
  });

  it('costs about as little when it has too many fields as when it has one of that size', async () => {
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`f${at}`, 1])));
    const long = JSON.stringify({ name: 'x'.repeat(wide.length) });
    const cpuOf = async (body: string): Promise<number> => {
      const before = process.cpuUsage();
      for (let time = 0; time < 10; time += 1) await call('/things', body);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    await cpuOf(long);
    expect((await cpuOf(wide)) / (await cpuOf(long))).toBeLessThan(5);
  });

  it('may hold commas in its texts, as many as it likes', async () => {
    expect(await faultsOf(post({ ...good, note: ',"'.repeat(5_000) }))).toEqual({
      note: 'must be 0 to 4 characters long',
    });
  });

  it('may be absent or empty for a route that wants no field, and nothing else', async () => {
    expect((await call('/things/none', '')).status).toBe(200);
    expect((await call('/things/none', '{}')).status).toBe(200);
    expect(await faultsOf(call('/things/none', '{"a":1}'))).toEqual({ a: 'is not a known field' });
  });
});

describe('a query', () => {
  it('is read, converted and held to its rules', async () => {
    expect((await call('/things?limit=3&name=abc')).body).toEqual({ search: { limit: 3, name: 'abc' } });
    expect((await call('/things')).body).toEqual({ search: {} });
    const faults = await faultsOf(call('/things?limit=many&name=&colour=red'));
    expect(Object.keys(faults).sort()).toEqual(['colour', 'limit', 'name']);
  });

  it('has a field refused that is given twice, or holds a NUL', async () => {
    expect(await faultsOf(call('/things?name=a&name=b'))).toEqual({
      name: 'must be one string, not several',
    });
    expect(await faultsOf(call('/things?name=a%00'))).toEqual({ name: 'must not contain a NUL character' });
  });
});

describe('a query of too many parameters', () => {
  it('is refused as a whole', async () => {
    const wide = Array.from({ length: 1_500 }, (_, at) => `a${at}=1`).join('&');
    expect(await faultsOf(call(`/things?${wide}`))).toEqual({ query: LIMIT_RULES.entries });
  });
});

describe('a path parameter', () => {
  it('is refused by its name when it holds a NUL', async () => {
    expect(await faultsOf(call('/things/a%00b'))).toEqual({ thingId: 'must not contain a NUL character' });
    expect((await call('/things/a%20b')).body).toEqual({ thingId: 'a b' });
  });
});
