import { EVENT_TYPE_NAMES, EVENT_TYPES, type EventType } from '../../src/payment-order/event/event-type.js';
import { one } from './example-payments.js';
import { exampleEvent, EXAMPLE_EVENT_ID } from './example-events.js';

const HEADERS: readonly (readonly [name: string, description: string, example: string])[] = [
  ['webhook-id', 'The same for every delivery of one event: take each once.', EXAMPLE_EVENT_ID],
  ['webhook-timestamp', 'When this delivery was sent, in seconds since 1970.', '1772323205'],
  [
    'webhook-signature',
    'After Standard Webhooks, over the bytes of the body; one for each secret, with a blank between.',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ],
];

const parameters = HEADERS.map(([name, description, example]) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
  example,
}));

/** The calls of the service to the wallet's back end: one entry for each type of event. */
export function webhooks(): Record<string, object> {
  return Object.fromEntries(EVENT_TYPE_NAMES.map((type) => [type, { post: webhook(type) }]));
}

function webhook(type: EventType): object {
  return {
    operationId: `tell${type.replaceAll(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary: `Event ${type}`,
    description: EVENT_TYPES[type],
    tags: ['events'],
    // The signature of each delivery replaces a token.
    security: [],
    parameters,
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: schemaOf(type), examples: one('event', type, exampleEvent(type)) },
      },
    },
    responses: {
      '204': { description: 'It was taken: any 2xx says so. It is not sent again.' },
      '4XX': { description: 'It was not taken, and is sent again later, as after any other answer or none.' },
    },
  };
}

/** The message schema of this type. */
function schemaOf(type: EventType): object {
  const message = type.startsWith('scan.') ? 'ScanEventDto' : 'PaymentEventDto';
  return {
    allOf: [
      { $ref: `#/components/schemas/${message}` },
      { type: 'object', properties: { type: { type: 'string', const: type } } },
    ],
  };
}
