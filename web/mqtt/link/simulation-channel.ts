import type { FromLink, ToLink } from '../../sim/link-port.ts';

/** The connection's end of the channel to the simulation, whose other end is a `LinkPort`. */
export interface SimulationChannel {
  post(message: FromLink): void;
  /** A later listener replaces the one before; null for none. */
  listen(hear: ((message: ToLink) => void) | null): void;
}

export function overMessagePort(port: MessagePort): SimulationChannel {
  return {
    post: (message) => port.postMessage(message),
    listen: (hear) => {
      port.onmessage = hear && (({ data }: MessageEvent<ToLink>) => hear(data));
    },
  };
}
