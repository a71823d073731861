/** Reports of a connection, for tests. */
import type { BrokerProfile } from '../../mqtt/link/profile.ts';
import type { Diagnosis, LinkReport } from '../../mqtt/link/report.ts';

export const profileFixture: BrokerProfile = {
  id: 'p1', name: 'pi.local', url: 'ws://pi.local:9001', username: 'ana', root: 'ic', clientId: '',
};

export const lostFixture: Diagnosis = {
  kind: 'lost', sentence: 'The connection was lost.', advice: ['Look whether the broker runs.'],
};

export function reportFixture(changes: Partial<LinkReport> = {}, outbox: Partial<LinkReport['outbox']> = {}): LinkReport {
  return {
    state: { kind: 'left' },
    profile: profileFixture,
    clientId: 'continuum-ab12',
    rtt: null,
    received: 0,
    sent: 0,
    duplicates: 0,
    outbox: { messages: 0, bytes: 0, oldestMs: null, stored: true, storeProblem: null, dropped: 0, ...outbox },
    held: 0,
    log: [],
    ...changes,
  };
}
