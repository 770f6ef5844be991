export default {
  input: '../../docs/openapi.json',
  output: { path: 'generated/hey-api', importFileExtension: '.js' },
  logs: { file: false },
};
