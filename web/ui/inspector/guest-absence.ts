/** Why a node has no guest, from its runtime. */
export function guestAbsence(runtime: string): { title: string; text: string } {
  return /native/i.test(runtime)
    ? {
        title: 'Native code, no guest',
        text: 'This tier runs the same logic without WebAssembly under the present strategy, as the yardstick for what a guest costs.',
      }
    : {
        title: 'Relay only, no guest',
        text: 'Under the present strategy this tier passes messages on and stores them; the guest runs on other tiers.',
      };
}
