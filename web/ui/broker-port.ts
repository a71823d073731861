/** What the page asks of its connection to the user's broker, which lives in a worker; `web/app` connects the two. */
import type { BrokerProfile } from '../mqtt/link/profile.ts';
import type { LinkReport, TestResult } from '../mqtt/link/report.ts';

/** How the page itself was loaded, which decides what a browser lets it open. */
export interface PagePlace {
  /** `location.protocol`, with its colon. */
  protocol: string;
  hostname: string;
  secureContext: boolean;
}

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
