/** What it takes to reach a broker, as the user has set it down. */
export interface BrokerProfile {
  /** Stable name of this profile in the browser's storage. */
  id: string;
  name: string;
  /** `ws://raspberrypi.local:9001/mqtt` or `wss://...`; the path may be empty. */
  url: string;
  /** Empty for none. */
  username: string;
  /** Topic root. */
  root: string;
  /** MQTT client id; empty for one that this browser chooses and keeps. */
  clientId: string;
}
