/** Compiles a spec and its imports to JavaScript; the same for the set-up that jest itself loads. */
export const swcOptions = (parser) => ({
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true, ...parser },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      useDefineForClassFields: false,
      react: { runtime: 'automatic', importSource: 'preact' },
    },
  },
  module: { type: 'es6' },
});
