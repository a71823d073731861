/** Numbers of the requests that a board answers: Improv's own, and ours as in firmware/SERIAL.md. */
export const command = {
  wifi: 0x01,
  state: 0x02,
  device: 0x03,
  scan: 0x04,
  set: 0xa0,
  apply: 0xa1,
  settings: 0xa2,
  guestBegin: 0xa3,
  guestData: 0xa4,
  guestEnd: 0xa5,
  status: 0xa6,
  command: 0xa7,
  calibrate: 0xa8,
  networks: 0xa9,
  forget: 0xaa,
  eraseSettings: 0xab,
} as const;

/** Whether a request is of our extension, which other firmware with Improv does not know. */
export function isExtension(number: number): boolean {
  return number >= 0xa0 && number <= 0xaf;
}

/** What Improv says of a board in frames of type 1. */
export const improvState = { stopped: 0, authorizationNeeded: 1, ready: 2, provisioning: 3, provisioned: 4 } as const;

/** What Improv says in frames of type 2. */
export const improvError = { none: 0, invalid: 1, unknown: 2, unableToConnect: 3, notAuthorized: 4, badHostname: 5, other: 0xff } as const;
