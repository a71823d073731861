/**
 * What the pure layers may not touch, as options of ESLint's own restriction rules: time, chance and
 * outside things come in through ports, or the same scenario would not give the same event log twice.
 */
const clocks = [
  'performance', 'setTimeout', 'setInterval', 'setImmediate', 'requestAnimationFrame', 'requestIdleCallback',
];
const chance = ['crypto'];
const platform = [
  'window', 'document', 'navigator', 'location', 'history', 'self', 'process', 'fetch', 'postMessage',
  'localStorage', 'sessionStorage', 'indexedDB', 'caches', 'alert', 'console',
  'Worker', 'SharedWorker', 'MessageChannel', 'BroadcastChannel',
  'WebSocket', 'XMLHttpRequest', 'EventSource',
];

const port = 'It comes in through a port that this layer declares.';

export const restrictedGlobals = {
  checkGlobalObject: true,
  globals: [
    ...clocks.map((name) => ({ name, message: `Time does not come from the platform here. ${port}` })),
    ...chance.map((name) => ({ name, message: `Chance does not come from the platform here. ${port}` })),
    ...platform.map((name) => ({ name, message: `This layer knows no platform. ${port}` })),
  ],
};

export const restrictedProperties = [
  { object: 'Date', property: 'now', message: `Time does not come from the platform here. ${port}` },
  { object: 'Math', property: 'random', message: `Chance comes from a seeded stream here. ${port}` },
];

export const restrictedSyntax = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date']",
    message: `Today's date does not come from the platform here. ${port}`,
  },
];

// ECMA-262 lets each engine approximate these in its own way (section 21.3.2), so two browsers
// could disagree in the last bit and their event logs part from there.
const approximated = [
  'acos', 'acosh', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'cbrt', 'cos', 'cosh', 'exp', 'expm1', 'hypot',
  'log', 'log10', 'log1p', 'log2', 'pow', 'sin', 'sinh', 'tan', 'tanh',
];
const portable = 'Engines may round it differently, and the event log must be the same on any machine.';

export const approximatedProperties = approximated.map((property) => ({
  object: 'Math',
  property,
  message: `${portable} Use the portable functions of web/sim.`,
}));

export const approximatedSyntax = [
  {
    selector: "BinaryExpression[operator='**'], AssignmentExpression[operator='**=']",
    message: `${portable} Multiply, or use the portable functions of web/sim.`,
  },
];
