/** What leads out of the page: the user's broker, history, and new guests over the air. Made when first asked for. */
import type { KeyStore } from '../../devices/signing/key-store.ts';
import type { HistoryPort } from '../../history/history-port.ts';
import type HistoryViewComponent from '../history/HistoryView.svelte';
import type { BrokerStore } from '../broker/broker-store.svelte.ts';
import type { DevicesPort } from '../devices/devices-port.ts';
import type { DevicesStore } from '../devices/devices-store.svelte.ts';
import type DevicesViewComponent from '../devices/DevicesView.svelte';
import type { ExperimentsStore } from '../lab/experiments/experiments-store.svelte.ts';
import type { ExperimentParts, OpenGuests } from '../lab/lab-parts.ts';
import type LabViewComponent from '../lab/LabView.svelte';
import type { UpdateActions } from '../updates/updates-port.ts';

export type OutsideView = 'broker' | 'history' | 'updates' | 'devices' | 'lab';

export interface KeptHistory {
  history: HistoryPort;
  /** Asks the browser never to delete what is kept; whether it promised. */
  askToPersist(): Promise<boolean>;
}

export interface OutsideParts {
  broker: BrokerStore;
  keys: KeyStore;
  updates: UpdateActions;
  devices: DevicesPort;
  /** Rejects with a sentence when its worker does not load. */
  openHistory(): Promise<KeptHistory>;
  openExperiments(): Promise<ExperimentParts>;
  openGuests: OpenGuests;
  /** Told whether the lab lies over the page, which then need not be drawn. */
  cover(covered: boolean): void;
}

/** The boards, and the view that shows them. */
export interface OpenDevices {
  store: DevicesStore;
  View: typeof DevicesViewComponent;
}

/** Experiments, and the view that shows them. */
export interface OpenLab {
  experiments: ExperimentsStore;
  View: typeof LabViewComponent;
}

export class Outside {
  readonly broker: BrokerStore;
  readonly keys: KeyStore;
  readonly updates: UpdateActions;
  readonly openGuests: OpenGuests;
  readonly #openExperiments: () => Promise<ExperimentParts>;
  readonly #devicesPort: DevicesPort;
  readonly #openHistory: () => Promise<KeptHistory>;
  readonly #cover: (covered: boolean) => void;
  #shown = $state<OutsideView | null>(null);
  #history = $state.raw<KeptHistory | null>(null);
  #HistoryView = $state.raw<typeof HistoryViewComponent | null>(null);
  #devices = $state.raw<OpenDevices | null>(null);
  #lab = $state.raw<OpenLab | null>(null);
  #problem = $state<string | null>(null);
  /** Edge node that the dialog of updates begins with. */
  #node = $state<number | null>(null);

  constructor({ broker, keys, updates, devices, openHistory, openExperiments, openGuests, cover }: OutsideParts) {
    this.broker = broker;
    this.keys = keys;
    this.updates = updates;
    this.#devicesPort = devices;
    this.#openHistory = openHistory;
    this.#openExperiments = openExperiments;
    this.openGuests = openGuests;
    this.#cover = cover;
  }

  get shown(): OutsideView | null {
    return this.#shown;
  }

  get node(): number | null {
    return this.#node;
  }

  /** Null until it has been shown. */
  get history(): KeptHistory | null {
    return this.#history;
  }

  /** Loaded with the history it shows: an import on top would be waited for once more. */
  get HistoryView(): typeof HistoryViewComponent | null {
    return this.#HistoryView;
  }

  /** Null until they have been shown. */
  get devices(): OpenDevices | null {
    return this.#devices;
  }

  /** Null until it has been shown. */
  get lab(): OpenLab | null {
    return this.#lab;
  }

  /** Why a view could not be opened, as a sentence, or null. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Begins to load what the history view needs: whoever points at its button is about to press it. */
  async prepare(): Promise<void> {
    try {
      const [history, view] = await Promise.all([this.#history ?? this.#openHistory(), import('../history/HistoryView.svelte')]);
      this.#history = history;
      this.#HistoryView = view.default;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
  }

  async show(view: OutsideView, node: number | null = null): Promise<void> {
    this.#problem = null;
    this.#node = node;
    if (view === 'history') {
      performance.mark('continuum:history-open');
      await this.prepare();
      if (!this.#history) return;
    }
    if (view === 'devices') {
      await this.#openDevices();
      if (!this.#devices) return;
    }
    if (view === 'lab') {
      await this.#openLab();
      if (!this.#lab) return;
    }
    this.#show(view);
  }

  /** Joins the broker that was joined when the page was closed; asks for the password where it is not remembered. */
  async rejoin(profileId: string): Promise<void> {
    await this.broker.loadProfiles();
    const saved = this.broker.saved.find(({ profile }) => profile.id === profileId);
    if (!saved) return;
    if (saved.profile.username !== '' && saved.password === null) this.#shown = 'broker';
    else await this.broker.join(saved.profile, saved.password ?? '');
  }

  async #openDevices(): Promise<void> {
    try {
      const [{ DevicesStore }, { default: View }] = await Promise.all([
        import('../devices/devices-store.svelte.ts'),
        import('../devices/DevicesView.svelte'),
      ]);
      this.#devices ??= { store: new DevicesStore(this.#devicesPort), View };
    } catch {
      this.#problem = 'The part of this page for boards did not load. Reload the page and try again.';
    }
  }

  async #openLab(): Promise<void> {
    if (this.#lab) return;
    try {
      const [parts, { ExperimentsStore }, { default: View }] = await Promise.all([
        this.#openExperiments(),
        import('../lab/experiments/experiments-store.svelte.ts'),
        import('../lab/LabView.svelte'),
      ]);
      this.#lab = { experiments: new ExperimentsStore(parts), View };
    } catch {
      this.#problem = 'The lab did not load. Reload the page and try again.';
    }
  }

  close(): void {
    this.#show(null);
  }

  #show(view: OutsideView | null): void {
    this.#shown = view;
    this.#cover(view === 'lab');
  }
}
