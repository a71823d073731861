/** What fills the overview's lower cards: loaded when one of them comes into sight. */
export { default as EnergyUse } from './EnergyUse.svelte';
export { default as LatencyTable } from './LatencyTable.svelte';
export { default as TrafficTable } from './TrafficTable.svelte';
