/** A hostile guest as it is kept: its words, and how its modules come from the texts beside this file. */
import type { HostileGroup } from '../../../web/lab/isolation/hostile-guest.ts';

export interface HostileVariant {
  id: string;
  what: string;
  /** What replaces `@NAME@` in the text. */
  put?: Readonly<Record<string, string>>;
}

export interface HostileSource {
  id: string;
  group: HostileGroup;
  title: string;
  tries: string;
  contained: string;
  /** Whether control must never come past the act. */
  mustStop: boolean;
  /** `NAME.wat`, framed as what `forms` says; with `whole` it is a module by itself. */
  text: string;
  whole?: boolean;
  forms: readonly ('env' | 'wasi')[];
  variants: readonly HostileVariant[];
}

export const both = ['env', 'wasi'] as const;
export const plain: readonly HostileVariant[] = [{ id: 'plain', what: 'as described' }];
