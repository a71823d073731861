import type { Network } from './board-facts.ts';

/** Improv's answers to a scan (SSID, dBm, `YES` or `NO` for a password): strongest first, each SSID once, hidden ones left out. */
export function networksOf(answers: readonly (readonly string[])[]): Network[] {
  const strongest = new Map<string, Network>();
  for (const [ssid = '', rssi = '', secured = ''] of answers) {
    const rssiDbm = Number.parseInt(rssi, 10);
    if (ssid === '' || Number.isNaN(rssiDbm)) continue;
    const before = strongest.get(ssid);
    if (before === undefined || before.rssiDbm < rssiDbm) strongest.set(ssid, { ssid, rssiDbm, secured: secured !== 'NO' });
  }
  return [...strongest.values()].sort((a, b) => b.rssiDbm - a.rssiDbm || (a.ssid < b.ssid ? -1 : 1));
}
