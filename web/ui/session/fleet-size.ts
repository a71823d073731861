/** From how many nodes on the page draws and lists a fleet rather than single nodes. */
const largestSmall = 152;

export function isLargeFleet(nodes: number): boolean {
  return nodes > largestSmall;
}

/** Worlds up to this size are there before anybody could read that they are being built. */
const largestQuick = 400;

/** The number of nodes an address asks for, when they are enough to take a while; else null. */
export function slowToBuild(nodes: number): number | null {
  return nodes > largestQuick ? nodes : null;
}

/** @param address without its `#` */
export function nodesAsked(address: string): number {
  return Number(/(?:^|&)nodes=(\d+)/.exec(address)?.[1] ?? 0);
}
