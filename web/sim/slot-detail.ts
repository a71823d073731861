/** What the inspector shows of an edge node that somebody else runs. */
import type { GuestSummary, NodeDetail } from './snapshot.ts';
import { ackText } from './ack-text.ts';
import { configDefaults } from '../guest/abi.gen.ts';
import type { Slot } from './slot.ts';
import { modesOf } from './slot-modes.ts';
import type { World } from './world.ts';

export function slotDetail(world: World, { identity, peer, mode, twin }: Slot): NodeDetail {
  const { index, id, tier } = identity;
  const { nowUs } = world.kernel;
  const seen = world.observer.seen[index];
  const { presence } = peer;
  const remote = peer.detail(nowUs, world.bridge?.delayErrorUs ?? 0);
  const { metrics } = remote;
  // A board that acknowledges nothing would be waited for in vain; its readings tell instead.
  const pending = !peer.plain && seen.configsPending > 0;
  world.cloud.listen(id);
  return {
    index,
    id,
    tier,
    state: peer.state(nowUs),
    runtime: presence?.runtime ?? 'runtime not told',
    guest: presence?.guest ? guestSummary(world, presence.guest) : null,
    reason: peer.reason(nowUs),
    restarts: 0,
    uptimeS: peer.knownForS(nowUs),
    steps: 0,
    instructionsPerStep: metrics?.stepInstructions ?? NaN,
    cpuUsPerStep: metrics?.stepUs ?? NaN,
    cpuUsSpread: { min: NaN, median: NaN, max: NaN, samples: 0 },
    memory: null,
    outputs: null,
    sensor: peer.telemetry && { rawAdc: peer.telemetry.raw, fault: null, driftAdc: 0 },
    site: null,
    energy: null,
    config: { ...configDefaults, ...peer.config, lastAck: seen.ack && ackText(seen.ack), pending },
    traffic: { ...peer.journal.traffic },
    latency: world.cloud.twins.get(id)?.latency?.table() ?? [],
    console: peer.journal.console(),
    messages: peer.journal.messages(),
    twins: null,
    mode,
    modes: modesOf(world),
    remote,
    twin: twin?.detail() ?? null,
    update: world.control?.updates.of(index) ?? null,
  };
}

/** Of a guest that runs elsewhere: what is known of the module if it is here, too. */
function guestSummary(world: World, { name, sha256 }: { name: string; sha256: string }): GuestSummary {
  const here = world.guestBySha256(sha256);
  return {
    name,
    language: here?.checked.language ?? 'unknown',
    sizeBytes: here?.sizeBytes ?? NaN,
    sha256,
    metered: here?.metered ?? false,
    imports: here?.checked.imports.map((each) => `${each.module}.${each.name}`) ?? [],
    exports: here?.checked.exports.map(({ name: exported }) => exported) ?? [],
  };
}
