/** What the lab asks of the page around it: what results depend on, and what tells where they were made. */
import type { GuestId } from '../../sim/scenario.ts';

/** A module that this browser has. */
export interface KnownModule {
  name: string;
  sha256: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Ships with the page, so that every worker has it. */
  shipped: boolean;
  /** Compiler, linker and flags; null for a module that a user brought. */
  built: ModuleBuild | null;
}

export interface ModuleBuild {
  language: string;
  toolchain: Record<string, string>;
  flags: Record<string, string>;
}

export interface WeatherRecord {
  /** `vega-datasets 3.2.1, seattle-weather.csv`. */
  name: string;
  sha256: string;
}

export interface PageFacts {
  version: string;
  /** Of the source that the page was built from; null when the build did not know it. */
  commit: string | null;
  /** Packages that take part in a run or in its report, with their versions. */
  packages: Record<string, string>;
  /** As the browser names itself. */
  browser: string;
  cores: number;
  weatherRecord(): Promise<WeatherRecord>;
  /** Null when it is not here. */
  module(id: GuestId): Promise<KnownModule | null>;
}
