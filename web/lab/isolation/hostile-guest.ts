/** Hostile guests as the page knows them: words for people, and modules by variant. */

export type HostileGroup = 'memory' | 'pointers' | 'time' | 'stack' | 'growth' | 'floods' | 'rights' | 'imports' | 'control' | 'module';
export const groupTitles: Readonly<Record<HostileGroup, string>> = {
  memory: 'Memory that is not its own',
  pointers: 'Bad pointers into host functions',
  time: 'Never giving back the processor',
  stack: 'Stack overflow',
  growth: 'Taking more memory',
  floods: 'Floods of calls',
  rights: 'Topics, pins and files of others',
  imports: 'Functions that are not offered',
  control: 'Calls and traps',
  module: 'Modules that are not sound',
};

/** With the guest ABI, or as a WASI program. */
export type HostileForm = 'env' | 'wasi';

export interface HostileGuest {
  id: string;
  group: HostileGroup;
  title: string;
  /** What it tries, a sentence. */
  tries: string;
  /** What it means for this one to be contained, a sentence. */
  contained: string;
  /** Whether control must never come past the hostile act. */
  mustStop: boolean;
  /** One module each; what differs, in words. */
  variants: readonly { id: string; what: string }[];
  forms: readonly HostileForm[];
}

/** The number that a guest logs, or prints, when its act has not ended it. */
export const PASSED = 31337;
