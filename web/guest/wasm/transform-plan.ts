/** What a transform will do to a module: index spaces, memory sizes; or why it cannot. */
import { UnsupportedFeatureError } from './invalid-module.ts';
import { checkElements } from './check-elements.ts';
import { MAX_PAGES, PAGE_BYTES } from './module-types.ts';
import type { ModuleDeclarations } from './read-module.ts';
import { Section, sectionReader } from './sections.ts';
import { exportPrefix, importNamespace } from './transformed-names.ts';

export interface TransformOptions {
  /** True moves the module's memory into a window of an imported one; false leaves it its own. */
  window: boolean;
  /** Most pages the memory may grow to. */
  ceilingPages: number;
  /**
   * True exports functions and the meter only: a global that is exported is an object for every instance, and a host
   * of ten thousand wants few. Functions stay, since code may refer to those that are exported.
   */
  lean?: boolean;
}

export interface TransformPlan {
  declared: ModuleDeclarations;
  window: boolean;
  lean: boolean;
  /** The window option was given and the module has a memory that can be moved. */
  moved: boolean;
  initialPages: number;
  /** What the memory may grow to, should it grow. */
  maxPages: number;
  /** Globals that are added behind the module's own. The last two are there in a window only. */
  fuelGlobal: number;
  trapGlobal: number;
  limitGlobal: number;
  baseGlobal: number;
}

/** Throws `UnsupportedFeatureError` for what the transform does not take. */
export function planTransform(declared: ModuleDeclarations, options: TransformOptions): TransformPlan {
  refuseUnsupported(declared);
  const memory = declared.memories[0];
  const moved = options.window && memory !== undefined;
  // In a window the size in bytes has to fit 32 bits.
  const ceiling = Math.min(options.ceilingPages, options.window ? MAX_PAGES - 1 : MAX_PAGES);
  const initialPages = memory?.min ?? 0;
  if (initialPages > ceiling) {
    throw new UnsupportedFeatureError(
      `a memory of ${initialPages} pages where ${ceiling} are allowed`,
      sectionOffset(declared, Section.memory),
    );
  }
  const firstAdded = declared.globals.length;
  return {
    declared,
    window: options.window,
    lean: options.lean ?? false,
    moved,
    initialPages,
    maxPages: memory ? Math.min(memory.max ?? ceiling, ceiling) : 0,
    fuelGlobal: firstAdded,
    trapGlobal: firstAdded + 1,
    limitGlobal: firstAdded + 2,
    baseGlobal: firstAdded + 3,
  };
}

/** Bytes of the memory before it grows, as the i32 that holds them. */
export function initialLimit(plan: TransformPlan): number {
  return (plan.initialPages * PAGE_BYTES) | 0;
}

function refuseUnsupported(declared: ModuleDeclarations): void {
  const at = (id: number) => sectionOffset(declared, id);
  if (declared.sections.some(({ id }) => id === Section.tag)) {
    throw new UnsupportedFeatureError('exceptions', at(Section.tag));
  }
  if (declared.imported.memory > 0)
    throw new UnsupportedFeatureError('an imported memory', at(Section.import));
  if (declared.memories.length > 1)
    throw new UnsupportedFeatureError('multiple memories', at(Section.memory));
  for (const { shared, wide } of declared.memories) {
    if (wide) throw new UnsupportedFeatureError('memory64', at(Section.memory));
    if (shared) throw new UnsupportedFeatureError('threads (a shared memory)', at(Section.memory));
  }
  const elements = declared.sections.find(({ id }) => id === Section.element);
  if (elements) checkElements(sectionReader(declared.bytes, elements));
  const reservedExport = declared.exports.find(({ name }) => name.startsWith(exportPrefix));
  if (reservedExport) {
    throw new UnsupportedFeatureError(
      `the reserved export name "${reservedExport.name}"`,
      at(Section.export),
    );
  }
  if (declared.imports.some(({ module }) => module === importNamespace)) {
    throw new UnsupportedFeatureError(`the reserved import module "${importNamespace}"`, at(Section.import));
  }
}

function sectionOffset(declared: ModuleDeclarations, id: number): number {
  return declared.sections.find((section) => section.id === id)?.headerOffset ?? 0;
}
