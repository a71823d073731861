/** Findings that are not contained, beside the list of those that are known. */
import { isContained, type Finding, type IsolationRuntimeId } from '../../web/lab/isolation/isolation-port.ts';
import { knownLeaks } from './known-leaks.ts';

/** `GUEST/VARIANT`, in order. */
export function leaksOf(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ guest, variants }) => variants.filter(({ outcome }) => !isContained(outcome)).map(({ variant }) => `${guest}/${variant}`)).sort();
}

/** `GUEST/VARIANT: why`, of those that are not known. */
export function newLeaks(runtime: IsolationRuntimeId, findings: readonly Finding[]): string[] {
  const listed = new Set(listedLeaks(runtime, findings));
  const all = findings.flatMap(({ guest, variants }) => variants.map(({ variant, outcome }) => ({ name: `${guest}/${variant}`, outcome })));
  return all.filter(({ name, outcome }) => !isContained(outcome) && !listed.has(name)).map(({ name, outcome }) => `${name}: ${outcome.said}`);
}

/** The known ones of this runtime among the variants that were run. */
export function listedLeaks(runtime: IsolationRuntimeId, findings: readonly Finding[]): string[] {
  const known = knownLeaks[runtime] ?? [];
  const all = findings.flatMap(({ guest, variants }) => variants.map(({ variant }) => ({ guest, name: `${guest}/${variant}` })));
  return all.filter(({ guest, name }) => known.includes(name) || known.includes(`${guest}/*`)).map(({ name }) => name).sort();
}
