const shared = {
  rootDir: '.',
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/tools/launcher/property-seed.cjs'],
  transform: { '^.+\\.(m?js|ts)$': ['@swc/jest', { sourceMaps: 'inline', module: { type: 'commonjs' }, jsc: { target: 'es2023', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true }, keepClassNames: true } }] },
  // Why: some libraries are ESM only and Jest on Node 20 cannot load them untransformed.
  transformIgnorePatterns: ['node_modules/(?!(jose|oidc-provider|openid-client|oauth4webapi|nanoid|quick-lru|jsesc|koa|eta|uuid)/)'],
  moduleNameMapper: { '^@slotmesh/(.*)$': '<rootDir>/libs/$1/src/index.ts' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.slotmesh', '<rootDir>/.nx'],
};

/** unit: pure and quick. integration: real PostgreSQL and Kafka. e2e: over HTTP, as an outside client. browser: a real Chromium before a whole stack. */
const config = {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,tools}/**/*.spec.ts'] },
    { ...shared, displayName: 'integration', testMatch: ['<rootDir>/{apps,libs}/**/*.int-spec.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/apps/*/test/**/*.e2e-spec.ts'] },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/apps/*/test/**/*.browser-spec.ts'] },
  ],
  globalSetup: '<rootDir>/tools/launcher/test-run.cjs',
  testTimeout: 180_000,
};

export { config as default };
