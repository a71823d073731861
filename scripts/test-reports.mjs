/** What the runners' JSON reports say: counts, and what failed, with the beginning of its message. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './setup/project.mjs';

const messageLines = 12;

/** What `npm test` says of it in the end. */
function failure(file, title, message = '') {
  const lines = stripVTControlCharacters(message).trim().split('\n').slice(0, messageLines);
  return [`${relative(root, file)} › ${title}`, ...lines.map((line) => `    ${line}`)].join('\n');
}

/** Counts and failures of `vitest run --reporter=json`; a file that could not be loaded is one failure. */
export function readVitestReport(path) {
  const { numPassedTests, numPendingTests, testResults } = JSON.parse(readFileSync(path, 'utf8'));
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [failure(name, 'the file itself', message)];
    return failed.map(({ fullName, failureMessages }) => failure(name, fullName, failureMessages.join('\n')));
  });
  return { passed: numPassedTests, skipped: numPendingTests, failed: failures.length, failures };
}

function specsOf({ specs = [], suites = [] }) {
  return [...specs, ...suites.flatMap(specsOf)];
}

/** Counts and failures of `playwright test --reporter=json`; one that succeeds only when tried again has failed. */
export function readPlaywrightReport(path) {
  const { stats, errors, ...report } = JSON.parse(readFileSync(path, 'utf8'));
  const failures = specsOf(report).flatMap(({ file, title, tests }) => {
    const results = tests.filter(({ status }) => status === 'unexpected' || status === 'flaky').flatMap((test) => test.results);
    const message = results.find(({ error }) => error !== undefined)?.error.message;
    return results.length === 0 ? [] : [failure(`${report.config.rootDir}/${file}`, title, message)];
  });
  failures.push(...errors.map(({ message }) => failure(report.config.rootDir, 'outside of any test', message)));
  return { passed: stats.expected, skipped: stats.skipped, failed: failures.length, failures };
}
