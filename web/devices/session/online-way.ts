/** A board's way online, told from what it says of itself. */
import type { Diagnosis } from '../diagnosis.ts';
import type { BoardStatus } from './board-facts.ts';
import type { OnlineWay, WayStep } from './provisioning-state.ts';

export function wayOf(status: BoardStatus, elapsedMs: number): OnlineWay {
  return { steps: [wifiStep(status), brokerStep(status)], ip: status.ip, rssiDbm: status.rssiDbm, elapsedMs };
}

/** The way of a board that speaks Improv alone, of which no more is known. */
export function improvWay(elapsedMs: number): OnlineWay {
  const steps: readonly WayStep[] = [
    { id: 'wifi', phase: 'done', text: 'The board is in the network.' },
    { id: 'broker', phase: 'skipped', text: 'Its firmware is set up for a broker elsewhere, if for any.' },
  ];
  return { steps, ip: null, rssiDbm: null, elapsedMs };
}

export function isOnline({ wifi, broker }: BoardStatus): boolean {
  return wifi === 'online' && (broker === 'online' || broker === 'none');
}

function wifiStep({ wifi, wifiReason, ip, rssiDbm }: BoardStatus): WayStep {
  const step = (phase: WayStep['phase'], text: string): WayStep => ({ id: 'wifi', phase, text });
  switch (wifi) {
    case 'online':
      return step('done', `In the network${ip === null ? '' : ` as ${ip}`}${rssiDbm === null ? '' : `, signal ${rssiDbm} dBm`}.`);
    case 'connecting':
      return step('working', 'Joins the network.');
    case 'failed':
      return step('failed', wifiSentence(wifiReason));
    default:
      return step('waiting', 'Has not begun to look for a network.');
  }
}

function brokerStep({ wifi, broker, brokerReason }: BoardStatus): WayStep {
  const step = (phase: WayStep['phase'], text: string): WayStep => ({ id: 'broker', phase, text });
  switch (broker) {
    case 'none':
      return step('skipped', 'No broker is set.');
    case 'online':
      return step('done', 'Joined the broker.');
    case 'resolving':
      return step('working', 'Looks for the broker\'s address.');
    case 'connecting':
      return step('working', 'Connects to the broker.');
    case 'failed':
      return wifi === 'online' ? step('failed', sentence(brokerReason ?? 'it gave no reason')) : step('waiting', 'Waits for the network.');
    default:
      return step('waiting', 'Waits for the network.');
  }
}

const itself = /^mqtts?:\/\/(?:localhost|127\.\d+\.\d+\.\d+)(?::|\/|$)/i;

/** What keeps the board from being online, once it says that it failed; null while it is on its way. */
export function wayFailure({ wifi, wifiReason, broker, brokerReason }: BoardStatus, brokerUrl: string): Diagnosis | null {
  if (wifi === 'failed') return wifiFailure(wifiReason, null);
  if (wifi !== 'online' || broker !== 'failed') return null;
  return {
    cause: 'other',
    what: `The board is in the network but does not reach the broker: ${sentence(brokerReason ?? 'it gave no reason')}`,
    steps: [
      ...(itself.test(brokerUrl) ? [`${brokerUrl} is, for a board, the board itself: write the broker's address in your network.`] : []),
      'Check the broker\'s address, port, user and password, and send them again.',
      'Check that the broker listens in the board\'s network, not on its own machine alone, and that no firewall is between them.',
      'The board goes on trying; this page follows it.',
    ],
    detail: brokerReason,
  };
}

/** `ssid` null: not known which network was meant. */
export function wifiFailure(reason: string | null, ssid: string | null): Diagnosis {
  const network = ssid === null ? 'the network' : `the network "${ssid}"`;
  const failed = (what: string, ...steps: string[]): Diagnosis => ({ cause: 'other', what, steps, detail: reason });
  switch (reason) {
    case 'wrong password':
      return failed(`The password of ${network} is not the one that was given.`, 'Write the password again, with upper and lower case as it is.', 'Send it to the board again.');
    case 'not found':
      return failed(
        `The board does not find ${network}.`,
        'Check its name, with upper and lower case as it is.',
        'Boards hear networks at 2.4 GHz only: switch that band on in the access point.',
        'Move the board closer, or give it its antenna.',
      );
    case 'no address':
      return failed(`The board joined ${network} but was given no address.`, 'Check that its access point has DHCP on and addresses left.', 'Restart the access point, then the board.');
    default:
      return failed(
        `The board could not join ${network}${reason === null ? '.' : `: ${sentence(reason)}`}`,
        'Check name and password, and send them again.',
        'Boards hear networks at 2.4 GHz only, with WPA2 or WPA3 for homes.',
        'Move the board closer to the access point.',
      );
  }
}

function wifiSentence(reason: string | null): string {
  return wifiFailure(reason, null).what;
}

function sentence(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
