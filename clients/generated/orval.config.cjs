module.exports = {
  payments: {
    input: { target: '../../docs/openapi.json' },
    output: {
      client: 'fetch',
      target: 'generated/orval/api.ts',
      override: { mutator: { path: 'src/orval-fetch.ts', name: 'send', extension: '.js' } },
    },
  },
};
