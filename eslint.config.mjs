import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const services = ['scheduling', 'reminders', 'notifications', 'capacity', 'gateway', 'sandbox', 'console'];

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', '.nx', '.slotmesh'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          enforceBuildableLibDependency: false,
          depConstraints: [
            { sourceTag: 'type:kernel', onlyDependOnLibsWithTags: ['type:kernel'] },
            { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: ['type:contracts', 'type:kernel'] },
            { sourceTag: 'type:infra', onlyDependOnLibsWithTags: ['type:infra', 'type:contracts', 'type:kernel', 'type:testing'] },
            { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:infra', 'type:contracts', 'type:kernel'] },
            ...services.map((name) => ({
              sourceTag: `app:${name}`,
              onlyDependOnLibsWithTags: ['type:infra', 'type:contracts', 'type:kernel', 'type:testing'],
            })),
          ],
        },
      ],
    },
  },
  {
    // Why: a .cjs file has no other way to load something.
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Why: rules of the domain must be readable and testable without a framework, a database or a broker.
    files: ['apps/*/src/**/domain/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['@nestjs/*', 'typeorm', 'pg', 'kafkajs', 'fastify', '@slotmesh/persistence', '@slotmesh/messaging', '@slotmesh/platform', '@slotmesh/security', '../persistence/*', '../../*/persistence/*'], message: 'domain/ is plain TypeScript: no framework, database or broker.' },
          ],
        },
      ],
    },
  },
  {
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    ignores: ['libs/messaging/**', 'libs/testing/**', '**/*.spec.ts', '**/*.int-spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'kafkajs', message: 'Only libs/messaging speaks to Kafka.' }],
          patterns: [{ group: ['@slotmesh/testing'], message: 'Only tests import libs/testing.' }],
        },
      ],
    },
  },
);
