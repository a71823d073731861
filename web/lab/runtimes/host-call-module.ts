/**
 * The module by which a board measures its host calls, `firmware/components/guest_host/src/bench_loop.wat`, assembled:
 * so the page measures the same. `calls` makes `count` of them, `empty` runs the same loop without.
 */
const assembled =
  'AGFzbQEAAAABDgJgAX8Bf2AEf39/fwF/AhIBA2VudgpnZXRfY29uZmlnAAADBAMAAAEFBAEBAAEHGwMFY2FsbHMAAQVlbXB0eQACB3Byb2Nlc3MAAwo8' +
  'AxsBAX8DQCABQQAQAGohASAAQQFrIgANAAsgAQsZAQF/A0AgAUEAaiEBIABBAWsiAA0ACyABCwQAQQAL';

export const hostCallModule: Uint8Array<ArrayBuffer> = Uint8Array.from(atob(assembled), (character) => character.charCodeAt(0));
