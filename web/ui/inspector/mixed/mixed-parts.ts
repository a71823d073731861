/** What the inspector shows of nodes that others run and of twins: loaded when the first of them is selected. */
export { default as ConfigEvidence } from './ConfigEvidence.svelte';
export { default as MixedBar } from './MixedBar.svelte';
export { default as RemoteOverview } from './RemoteOverview.svelte';
export { default as TwinTab } from './TwinTab.svelte';
