/** Why no loop guest can run in this browser, in sentences. Few browsers ask for them, so the others do not load them. */
export const noJspi =
  'This engine cannot suspend WebAssembly (JSPI). Use Chrome or Edge 137, Firefox 153 or newer, or leave the loop engine to choose itself.';

export const noThreads =
  'This browser can neither suspend WebAssembly (JSPI) nor share memory between threads, so no guest loop can run. Use Chrome or Edge 137, Firefox 153 or newer, or serve the page with the headers COOP same-origin and COEP require-corp.';
