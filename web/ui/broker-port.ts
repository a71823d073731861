/** What the page asks of its connection to the user's broker, which lives in a worker; `web/app` connects the two. */
import type { BrokerProfile } from '../mqtt/link/profile.ts';
import type { LinkReport, TestResult } from '../mqtt/link/report.ts';

export type { PagePlace } from '../mqtt/link/page-access.ts';

export interface BrokerLinkPort {
  /** Tries a profile without joining: connects beside what runs, subscribes, publishes to itself, goes. */
  test(profile: BrokerProfile, password: string): Promise<TestResult>;
  /** Joins, and keeps seeking the broker until `leave`. Resolves at once; `report` tells how it goes. */
  join(profile: BrokerProfile, password: string): Promise<void>;
  leave(): Promise<void>;
  /** Tries now instead of at the end of the wait. */
  retryNow(): Promise<void>;
  report(): Promise<LinkReport>;
  /** Gives up what the broker has not acknowledged. */
  discardOutbox(): Promise<void>;
}
