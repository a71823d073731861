/** What came of a hostile guest on one runtime. */

/** Who put an end to it, or said no. */
export type Noticer =
  /** The engine's validation of the bytes. */
  | 'validator'
  /** The check of imports, exports and sizes before anything runs. */
  | 'check'
  /** What the rewriting of the module put before each memory access, block and call. */
  | 'transform'
  /** The engine that runs it. */
  | 'engine'
  /** A host function, at the call. */
  | 'host function'
  /** The clock that ends a thread or a process which says nothing for too long. */
  | 'watchdog'
  /** Nobody. */
  | 'nobody';

export type Outcome =
  /** It never ran. */
  | { kind: 'refused'; by: Noticer; said: string }
  | { kind: 'trapped'; by: Noticer; said: string }
  /** Of instructions or of time. */
  | { kind: 'out-of-budget'; by: Noticer; said: string }
  /** It broke a rule of the ABI in a host call, or in what it asked memory for: it was ended. */
  | { kind: 'rule'; by: Noticer; said: string }
  /** The host said no to the call, and the guest went on. */
  | { kind: 'call-refused'; by: Noticer; said: string }
  /** It went on and had what it asked for, which can harm nobody. */
  | { kind: 'harmless'; said: string }
  /** It got what it must not have, or took others down with it. */
  | { kind: 'not-contained'; by: Noticer; said: string }
  /** There is nothing to run here, or it cannot be had: why. */
  | { kind: 'not-run'; said: string };

export type OutcomeKind = Outcome['kind'];

/** Best first: a guest in several variants is as good as its worst. */
const byGravity: readonly OutcomeKind[] = ['not-run', 'refused', 'trapped', 'rule', 'out-of-budget', 'call-refused', 'harmless', 'not-contained'];

export function isContained({ kind }: Outcome): boolean {
  return kind !== 'not-contained' && kind !== 'not-run';
}

/** The gravest; throws for an empty list. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((worst, each) => (byGravity.indexOf(each.kind) > byGravity.indexOf(worst.kind) ? each : worst));
}
