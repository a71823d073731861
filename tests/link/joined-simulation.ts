/** A whole simulation at a real broker, in Node: the page's own parts, but for the WebSocket and the workers between them. */
import type { OutsideControl } from '../../web/app/outside-control.ts';
import type { Simulation } from '../../web/app/simulation.ts';
import type { ToHistory } from '../../web/history/history-port.ts';
import { overMessagePort } from '../../web/mqtt/link/simulation-channel.ts';
import { defaultScenario } from '../../web/sim/scenario.ts';
import type { BridgeSnapshot } from '../../web/sim/bridge-snapshot.ts';
import type { Frame } from '../../web/sim/snapshot.ts';
import { openSimulation } from '../node/open-simulation.ts';
import { openLink, profileFor, until, type TestLink } from './open-link.ts';

export class JoinedSimulation {
  readonly simulation: Simulation;
  readonly outside: OutsideControl;
  readonly history: ToHistory[] = [];
  readonly #test: TestLink;
  readonly #port: MessagePort;

  private constructor(simulation: Simulation, outside: OutsideControl, test: TestLink) {
    this.simulation = simulation;
    this.outside = outside;
    this.#test = test;
    const { port1, port2 } = new MessageChannel();
    this.#port = port2;
    test.link.connect(overMessagePort(port1));
    outside.connectLink(port2);
    outside.connectHistory({ postMessage: (message) => this.history.push(message) });
  }

  static async open(nodes: number, clientId: string): Promise<JoinedSimulation> {
    const simulation = await openSimulation();
    await simulation.load({ ...defaultScenario, nodes });
    return new JoinedSimulation(simulation, await simulation.outside(), openLink({ clientId }));
  }

  async join(url: string): Promise<void> {
    await this.#test.link.join(profileFor(url), '');
    await until(async () => (await this.bridge())?.up === true, 'the simulation takes part');
  }

  leave(): Promise<void> {
    return this.#test.link.leave();
  }

  async close(): Promise<void> {
    await this.leave();
    await until(async () => (await this.bridge()) === null, 'the simulation has left');
    await this.simulation.pause();
    this.#port.close();
  }

  frame(selected = 0): Promise<Frame> {
    return this.simulation.frame({ epoch: -1, roster: 0, selected, watched: 0, seriesAfterS: -1, lastNotice: 0, wantDetail: true });
  }

  async bridge(): Promise<BridgeSnapshot | null> {
    return (await this.frame()).bridge;
  }

  /** Resolves when this is known who speaks for whom. */
  settled(owned: number): Promise<void> {
    return until(async () => (await this.bridge())?.owned === owned, `${owned} nodes are this page's`);
  }

  /** Index of a node in the page; -1 for none. */
  async indexOf(id: string): Promise<number> {
    return (await this.frame()).info!.findIndex((node) => node.id === id);
  }

  /** Samples that went to history, of one quantity of one node. */
  samples(node: string, quantity: string): { timeMs: number; value: number }[] {
    const declared = this.history.flatMap((message) => (message.kind === 'declare' ? message.series : []));
    const number = declared.findIndex((series) => series.node === node && series.quantity === quantity);
    return this.history.flatMap((message) => {
      if (message.kind !== 'samples') return [];
      return Array.from(message.series).flatMap((series, at) => (series === number ? [{ timeMs: message.timeMs[at], value: message.value[at] }] : []));
    });
  }
}
