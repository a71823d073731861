export interface TableColumn {
  id: string;
  label: string;
  hint: string;
  /** Grid track, such as `1fr`. */
  width: string;
  /** Figures stand flush right. */
  figures: boolean;
}
