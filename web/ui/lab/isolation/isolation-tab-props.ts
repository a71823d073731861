import type { IsolationPort } from '../../../lab/isolation/isolation-port.ts';

/** What the isolation tab is given; `web/app/lab-guests.ts` makes it. */
export interface IsolationTabProps {
  port: IsolationPort;
}
