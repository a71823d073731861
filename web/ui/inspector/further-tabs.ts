/** The tabs behind the overview: loaded when one is first opened, since the first screen does without them. */
export { default as CalibrationForm } from './CalibrationForm.svelte';
export { CalibrationDraft } from './calibration-draft.svelte.ts';
export { default as ConsoleTab } from './ConsoleTab.svelte';
export { default as GuestTab } from './GuestTab.svelte';
export { default as MessagesTab } from './MessagesTab.svelte';
export { default as SiteTab } from './SiteTab.svelte';
export { default as TwinsTab } from './TwinsTab.svelte';
