import { format, resolveConfig } from 'prettier';

/** The addresses of a wallet app; the client knows no others. */
const OF_THE_APP = /^\/v1\/(scans|payments)(\/|$)/;
const REFERENCE = /#\/components\/schemas\/(\w+)/g;

const HEAD = `// Generated from docs/openapi.json: \`npm run openapi\` writes it. Do not edit it by hand.`;

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly description?: string;
}
interface Description {
  readonly paths: Readonly<Record<string, object>>;
  readonly webhooks: Readonly<Record<string, object>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, object>>;
  };
}

/** The types of `clients/typescript`, from the text of docs/openapi.json: requests, answers and events. */
export async function clientTypesText(description: string, file: string): Promise<string> {
  const { paths, webhooks, components } = JSON.parse(description) as Description; // our own file
  const operations = Object.entries(paths).filter(([path]) => OF_THE_APP.test(path));
  const names = [...namesIn([operations, webhooks], components.schemas)].toSorted();
  const interfaces = names.map((name) => interfaceText(name, components.schemas[name] ?? {}));
  const actions = [...new Set(actionsIn([operations, components.responses]))].toSorted();
  const action = `/** What an app does next: every action that the description has. */\nexport type Action = ${union(actions)};`;
  const text = [HEAD, ...interfaces, action, eventsText(webhooks)].join('\n\n');
  return format(text, { ...(await resolveConfig(file)), parser: 'typescript' });
}

/** The content of each event, by its type. */
function eventsText(webhooks: Description['webhooks']): string {
  const bodies = Object.entries(webhooks).map(([type, event]) => {
    const [, name = ''] =
      /"schema":\{"allOf":\[\{"\$ref":"#\/components\/schemas\/(\w+)"/.exec(JSON.stringify(event)) ?? [];
    if (name === '') throw new Error(`no schema is known of the event ${type}`);
    return `${JSON.stringify(type)}: ${short(name)};`;
  });
  return `/** The body of each event by its type. */\nexport interface EventBodies {\n${bodies.join('\n')}\n}`;
}

/** The schemas that these parts name, and those that they name in turn. */
function namesIn(parts: unknown, schemas: Description['components']['schemas']): Set<string> {
  const found = new Set<string>();
  const look = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(REFERENCE)) {
      if (found.has(name)) continue;
      found.add(name);
      look(schemas[name] ?? {});
    }
  };
  look(parts);
  return found;
}

/** The values of every field `action`. */
function actionsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]: [string, Schema | null]) =>
    key === 'action' && value?.enum ? [...value.enum] : actionsIn(value),
  );
}

function interfaceText(name: string, schema: Schema): string {
  const fields = Object.entries(schema.properties ?? {}).map(([key, field]) => {
    const mark = schema.required?.includes(key) === true ? '' : '?';
    return `${comment(field.description)}readonly ${key}${mark}: ${typeText(field)};`;
  });
  return `${comment(schema.description)}export interface ${short(name)} {\n${fields.join('\n')}\n}`;
}

function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return short(schema.$ref.split('/').at(-1) ?? '');
  if (schema.allOf !== undefined) return schema.allOf.map(typeText).join(' & ');
  if (schema.enum !== undefined) return union(schema.enum);
  if (schema.items !== undefined) return `readonly (${typeText(schema.items)})[]`;
  const simple = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean' } as const;
  const known = Object.entries(simple).find(([type]) => type === schema.type);
  if (known === undefined) throw new Error(`no type is known for ${JSON.stringify(schema)}`);
  return known[1];
}

function comment(text: string | undefined): string {
  return text === undefined ? '' : `/** ${text.replaceAll('*/', '* /')} */\n`;
}

function union(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(' | ');
}

/** A name for callers: `Payment` instead of `PaymentDto`. */
function short(name: string): string {
  return name.replace(/Dto$/, '');
}
