export interface Tab {
  id: string;
  label: string;
  /** Draws a mark beside the label, read out with it. */
  notice?: string;
}
