/** The worker's side of a `CellClient`. */

/** To be called once in a worker: requests are answered in turn, and one that fails with its reason. */
export function serveRequests<Request, Reply>(answer: (request: Request) => Promise<Reply>): void {
  self.onmessage = ({ data }: MessageEvent<Request>) => {
    answer(data)
      .catch((error: unknown) => ({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }))
      .then((reply) => self.postMessage(reply));
  };
}
