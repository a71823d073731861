export function wasmTools(): { wasmTools: string; python: string };
