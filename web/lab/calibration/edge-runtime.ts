/** What runs wasm on an edge board; the order is that of the parameter `cost.edge.runtime`. */
export const edgeRuntimes = ['classic', 'fast', 'aot'] as const;
export type EdgeRuntime = (typeof edgeRuntimes)[number];

export const runtimeTitles: Record<EdgeRuntime | 'native', string> = {
  classic: 'WAMR classic interpreter',
  fast: 'WAMR fast interpreter',
  aot: 'WAMR ahead-of-time',
  native: 'native',
};
