declare module '*.wasm?prepared' {
  /** Made by `scripts/setup/prepared-guests.ts`. */
  const shipped: import('./loaded-guest.ts').ShippedGuest;
  export default shipped;
}
