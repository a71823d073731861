import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';
import { arrowsRule } from './scripts/lint/arrows.mjs';
import { fileNamesRule } from './scripts/lint/file-names.mjs';
import { pure } from './scripts/lint/layers.mjs';
import * as purity from './scripts/lint/purity.mjs';
import svelteConfig from './svelte.config.js';

const tests = ['**/*.test.ts'];

export default defineConfig(
  globalIgnores(['dist/', 'test-results/', 'playwright-report/', 'firmware/', '**/target/', '.cache/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ts.configs.strict,
  ts.configs.stylistic,
  svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    plugins: { house: { rules: { arrows: arrowsRule, 'file-names': fileNamesRule } } },
    rules: {
      // TypeScript sees undeclared names itself, and knows the types that this rule takes for variables.
      'no-undef': 'off',
      'house/file-names': 'error',
      'max-lines': ['error', { max: 400 }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': ['error', { destructuring: 'all' }],
      // Fixed-size typed arrays make `array[i]!` the honest way to say that the index is in range.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-empty-function': 'off',
      // `typeof import('./Tab.svelte')` names what a lazy import gives.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
    rules: {
      // This is no SvelteKit app: a link's address is complete as it stands.
      'svelte/no-navigation-without-resolve': 'off',
      // `let { a, b = $bindable() } = $props()` is one declaration; the core rule would split it.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
    },
  },
  { files: ['web/**'], rules: { 'no-console': 'error' } },
  { files: ['web/**'], ignores: tests, rules: { 'house/arrows': 'error' } },
  {
    files: pure.map((layer) => `web/${layer}/**`),
    ignores: tests,
    rules: {
      'no-restricted-globals': ['error', purity.restrictedGlobals],
      'no-restricted-properties': ['error', ...purity.restrictedProperties],
      'no-restricted-syntax': ['error', ...purity.restrictedSyntax],
    },
  },
  {
    files: ['web/sim/**'],
    ignores: tests,
    rules: {
      'no-restricted-properties': ['error', ...purity.restrictedProperties, ...purity.approximatedProperties],
      'no-restricted-syntax': ['error', ...purity.restrictedSyntax, ...purity.approximatedSyntax],
    },
  },
  { files: ['**/*.generated.ts'], rules: { 'max-lines': 'off' } },
);
