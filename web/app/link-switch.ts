/** The two brokers that the simulation can join, one at a time: the user's own, and the one inside this page. */
import type { BrokerProfile } from '../mqtt/link/profile.ts';
import type { LinkReport, TestResult } from '../mqtt/link/report.ts';
import type { BrokerLinkPort } from '../ui/broker-port.ts';
import type { JoinedBroker } from './board-network.ts';
import type { OpenBoards } from './open-boards.ts';
import type { OpenedLink } from './open-link.ts';
import { isPageBroker } from './page-broker-profile.ts';

export interface LinkSwitchParts {
  openLink(): Promise<OpenedLink>;
  openBoards(): Promise<OpenBoards>;
  /** The simulation takes part in the traffic at the other end; what it was connected to before is left. */
  connectSimulation(channel: MessagePort): Promise<void>;
  /** Called before the first joining. */
  record(): Promise<void>;
  /** What was joined, to be gone on with when the page is opened again; null for nothing. */
  remember(profileId: string | null): void;
}

export class LinkSwitch implements BrokerLinkPort {
  readonly #parts: LinkSwitchParts;
  #link: Promise<OpenedLink> | null = null;
  #boards: OpenBoards | null = null;
  #current: 'outside' | 'page' | null = null;
  #joined: JoinedBroker | null = null;

  constructor(parts: LinkSwitchParts) {
    this.#parts = parts;
  }

  /** Virtual boards are there from now on and are told what the page has joined. False when they were already. */
  async attach(boards: OpenBoards): Promise<boolean> {
    if (this.#boards === boards) return false;
    this.#boards = boards;
    await boards.joined(this.#joined);
    return true;
  }

  async test(profile: BrokerProfile, password: string): Promise<TestResult> {
    if (!isPageBroker(profile)) return (await this.#outside()).link.test(profile, password);
    return { ok: true, mqtt: 5, rttMs: 0, notes: [], steps: [{ name: 'address', text: 'This broker runs inside the page.', ok: true }] };
  }

  async join(profile: BrokerProfile, password: string): Promise<void> {
    await this.#parts.record();
    const wanted = isPageBroker(profile) ? 'page' : 'outside';
    if (this.#current !== wanted) {
      await this.leave();
      const channel = wanted === 'page' ? (await this.#parts.openBoards()).pageBroker.channel() : (await this.#outside()).channel();
      await this.#parts.connectSimulation(await channel);
      this.#current = wanted;
    }
    if (wanted === 'page') await (await this.#parts.openBoards()).pageBroker.join(profile);
    else await (await this.#outside()).link.join(profile, password);
    await this.#tellBoards(wanted === 'page' ? null : { profile, password });
    this.#parts.remember(profile.id);
  }

  async leave(): Promise<void> {
    this.#parts.remember(null);
    if (this.#current === 'page') await (await this.#parts.openBoards()).pageBroker.leave();
    else if (this.#current === 'outside') await (await this.#outside()).link.leave();
    await this.#tellBoards(null);
  }

  async retryNow(): Promise<void> {
    if (this.#current === 'outside') await (await this.#outside()).link.retryNow();
  }

  async report(): Promise<LinkReport> {
    return this.#current === 'page' ? (await this.#parts.openBoards()).pageBroker.report() : (await this.#outside()).link.report();
  }

  async discardOutbox(): Promise<void> {
    if (this.#current === 'outside') await (await this.#outside()).link.discardOutbox();
  }

  async #tellBoards(joined: JoinedBroker | null): Promise<void> {
    this.#joined = joined;
    await this.#boards?.joined(joined);
  }

  #outside(): Promise<OpenedLink> {
    this.#link ??= this.#parts.openLink().catch((error: unknown) => {
      // What failed to start may start the next time.
      this.#link = null;
      throw error;
    });
    return this.#link;
  }

}
